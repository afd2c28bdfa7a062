//! The fast path against the plain one.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use hemline_landscape::{
    DenseLayer, DenseLoss, DenseNetwork, Error, Grid, Layout, ModuleLoss, Normalization, Outputs,
    Plane, PlaneLoss, RunningStatistics, Surface, SurfaceConfig, flatten, softmax_cross_entropy,
};
use proptest::prelude::*;

use crate::common::{Network, cross_entropy, examples, layout, scalar};

/// z = wx, then a learnt slope.
#[derive(Module, Debug)]
struct Slope {
    weight: Param<Tensor<2>>,
    slope: Param<Tensor<1>>,
}

impl Slope {
    fn new() -> Self {
        let device = Device::flex();
        Self {
            weight: Param::from_data([[1.0]], &device),
            slope: Param::from_data([0.25], &device),
        }
    }
}

fn network() -> DenseNetwork {
    let norm = DenseLayer::BatchNorm {
        gamma: "norm.gamma".to_owned(),
        beta: "norm.beta".to_owned(),
        mean: vec![0.0; crate::common::HIDDEN],
        variance: vec![1.0; crate::common::HIDDEN],
        epsilon: 1e-5,
    };
    DenseNetwork {
        layers: vec![
            DenseLayer::Linear {
                weight: "first".to_owned(),
                bias: Some("first_bias".to_owned()),
            },
            norm,
            DenseLayer::Relu,
            DenseLayer::Linear {
                weight: "second".to_owned(),
                bias: None,
            },
        ],
    }
}

/// Both paths over a grid around the module's own parameters.
fn surfaces(count: usize, inputs: usize, seed: u64, workers: usize) -> [Surface; 2] {
    let module = Network::new(inputs);
    let (x, labels) = examples(count, inputs);
    let layout = layout(&module);
    let center = flatten(&module, &layout).unwrap();
    let plane = Plane::random(&layout, &center, Normalization::Filter, seed).unwrap();
    let plain = ModuleLoss::new(&module, &layout, &plane, "test", |network: &Network| {
        scalar(cross_entropy(network, &x, &labels))
    })
    .unwrap();
    let head = softmax_cross_entropy(&labels);
    let fast = DenseLoss::new(&network(), &layout, &plane, &x, "test", head).unwrap();
    assert_ne!(plain.identity(), fast.identity());
    let grid = Grid::around([[-1.0, -1.0], [1.0, 1.0]], 0.5, [6, 5]).unwrap();
    let config = SurfaceConfig {
        workers: std::num::NonZeroUsize::new(workers),
        cache: None,
    };
    [&plain as &dyn PlaneLoss, &fast]
        .map(|loss| Surface::compute(loss, &grid, &config, &mut ()).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn both_paths_agree(count in 1_usize..400, inputs in 1_usize..40, seed in 0_u64..1000) {
        let [plain, fast] = surfaces(count, inputs, seed, 2);
        for (plain, fast) in plain.loss.iter().zip(&fast.loss) {
            // A loss of exactly 0, which has no relative error, agrees with another 0 only.
            let agree = fast == plain || (fast / plain - 1.0).abs() < 1e-5;
            prop_assert!(agree, "{} for {}", fast, plain);
        }
    }
}

#[test]
fn any_number_of_workers_gives_the_same_bits() {
    let [_, one] = surfaces(700, 30, 0, 1);
    for workers in [2, 5] {
        let [_, other] = surfaces(700, 30, 0, workers);
        assert_eq!(one.loss, other.loss);
    }
}

#[test]
fn functions_and_learnt_slopes_are_applied() {
    // One input, one output; loss = the outputs' sum.
    let module = Slope::new();
    let layout = Layout::of(&module, RunningStatistics::Fixed);
    let center = flatten(&module, &layout).unwrap();
    let plane = Plane::line(&center, &[2.0, 0.5]).unwrap();
    let dense = DenseNetwork {
        layers: vec![
            DenseLayer::Linear {
                weight: "weight".to_owned(),
                bias: None,
            },
            DenseLayer::Prelu {
                slope: "slope".to_owned(),
            },
            DenseLayer::Elementwise(Arc::new(|z| {
                for z in z {
                    *z += 1.0;
                }
            })),
        ],
    };
    let sum = |outputs: &Outputs<'_>, _: usize| {
        assert_eq!((outputs.examples(), outputs.count()), (2, 1));
        outputs.columns().flatten().copied().map(f64::from).sum()
    };
    let loss = DenseLoss::new(&dense, &layout, &plane, &[3.0, -4.0], "sum", sum).unwrap();
    // At 0: weight 1, slope ¼: (3 + 1 − 1 + 1)/2. At 1: weight 2, slope ½: (6 + 1 − 4 + 1)/2.
    assert_eq!(loss.losses(&[[0.0, 0.0], [1.0, 0.0]]).unwrap(), [2.0, 2.0]);
}

#[test]
fn a_network_that_does_not_fit_is_refused() {
    let module = Network::new(5);
    let layout = layout(&module);
    let center = flatten(&module, &layout).unwrap();
    let plane = Plane::random(&layout, &center, Normalization::None, 0).unwrap();
    let refused = |network: &DenseNetwork, inputs: &[f32]| -> String {
        let loss = |_: &Outputs<'_>, _: usize| 0.0;
        let result = DenseLoss::new(network, &layout, &plane, inputs, "", loss);
        let error = result.map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::DenseNetwork { .. }), "{error}");
        error.to_string()
    };
    let good = network();
    let x = vec![0.0; 10];
    assert!(refused(&DenseNetwork::default(), &x).contains("no layer"));
    let norm_first = DenseNetwork {
        layers: good.layers[1..].to_vec(),
    };
    assert!(refused(&norm_first, &x).contains("a linear layer"));
    let mut unknown = good.clone();
    unknown.layers[3] = DenseLayer::Linear {
        weight: "third".to_owned(),
        bias: None,
    };
    assert!(refused(&unknown, &x).contains("third"));
    let mut bias = good.clone();
    bias.layers[3] = DenseLayer::Linear {
        weight: "second".to_owned(),
        bias: Some("first_bias".to_owned()),
    };
    assert!(refused(&bias, &x).contains("shape [3]"));
    let mut narrow = good.clone();
    narrow.layers[3] = DenseLayer::Linear {
        weight: "first".to_owned(),
        bias: None,
    };
    assert!(refused(&narrow, &x).contains("4 inputs"));
    assert!(refused(&good, &x[..9]).contains("9 numbers"));
    assert!(refused(&good, &[]).contains("0 numbers"));
}
