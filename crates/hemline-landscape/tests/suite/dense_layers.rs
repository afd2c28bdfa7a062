//! The fast path layer by layer: stacks of any widths against the same sums in f64.

use std::sync::Arc;

use hemline_landscape::{
    DenseLayer, DenseLoss, DenseNetwork, Entry, EntryKind, Layout, Outputs, Plane, PlaneLoss,
    RunningStatistics, softmax_cross_entropy,
};
use proptest::prelude::*;

/// What follows a linear layer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum After {
    Nothing,
    Relu,
    Prelu,
    PreluThenRelu,
    ShiftThenRelu,
    Norm,
    NormThenRelu,
}

const AFTER: [After; 7] = [
    After::Nothing,
    After::Relu,
    After::Prelu,
    After::PreluThenRelu,
    After::ShiftThenRelu,
    After::Norm,
    After::NormThenRelu,
];
const SHIFT: f64 = -0.125;
const EPSILON: f64 = 0.01;

/// Linear layers of the given outputs, with or without a bias, and what follows each.
type Stack = Vec<(usize, bool, After)>;

fn names(stack: &Stack, index: usize) -> (String, Option<String>, String) {
    let bias = stack[index].1.then(|| format!("{index}.bias"));
    (format!("{index}.weight"), bias, format!("{index}.slope"))
}

/// The names of γ and β.
fn affine(index: usize) -> [String; 2] {
    ["gamma", "beta"].map(|name| format!("{index}.{name}"))
}

/// The running mean and variance of each output.
fn statistics(outputs: usize) -> [Vec<f32>; 2] {
    let of = |value: fn(f32) -> f32| (0..outputs).map(|k| value(k as f32)).collect();
    [of(f32::sin), of(|k| 0.75 + 0.5 * k.cos())]
}

fn layout(inputs: usize, stack: &Stack) -> Layout {
    let mut layout = Layout {
        entries: Vec::new(),
        running_statistics: RunningStatistics::Fixed,
    };
    let mut width = inputs;
    for (index, &(outputs, ..)) in stack.iter().enumerate() {
        let (weight, bias, slope) = names(stack, index);
        let shapes = [
            Some((weight, vec![width, outputs])),
            bias.map(|bias| (bias, vec![outputs])),
            Some((slope, vec![1])),
        ];
        let affine = affine(index).map(|name| Some((name, vec![outputs])));
        for (name, shape) in shapes.into_iter().chain(affine).flatten() {
            let offset = layout.dimension();
            layout.entries.push(Entry {
                name,
                shape,
                offset,
                kind: EntryKind::Parameter,
            });
        }
        width = outputs;
    }
    layout
}

fn network(stack: &Stack) -> DenseNetwork {
    let mut layers = Vec::new();
    for (index, &(outputs, _, after)) in stack.iter().enumerate() {
        let (weight, bias, slope) = names(stack, index);
        layers.push(DenseLayer::Linear { weight, bias });
        if matches!(after, After::Prelu | After::PreluThenRelu) {
            layers.push(DenseLayer::Prelu { slope });
        }
        if after == After::ShiftThenRelu {
            layers.push(DenseLayer::Elementwise(Arc::new(|z| {
                z.iter_mut().for_each(|z| *z += SHIFT as f32);
            })));
        }
        if matches!(after, After::Norm | After::NormThenRelu) {
            let ([gamma, beta], [mean, variance]) = (affine(index), statistics(outputs));
            layers.push(DenseLayer::BatchNorm {
                gamma,
                beta,
                mean,
                variance,
                epsilon: EPSILON,
            });
        }
        if has_relu(after) {
            layers.push(DenseLayer::Relu);
        }
    }
    DenseNetwork { layers }
}

fn has_relu(after: After) -> bool {
    !matches!(after, After::Nothing | After::Prelu | After::Norm)
}

/// The outputs of one example, and the same of absolute values, which bounds their rounding.
fn outputs(x: &[f32], stack: &Stack, layout: &Layout, point: &[f32]) -> (Vec<f64>, Vec<f64>) {
    let values = |name: &str| -> Vec<f64> {
        let values = &point[layout.entry(name).unwrap().range()];
        values.iter().map(|&value| f64::from(value)).collect()
    };
    let mut h: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
    let mut size: Vec<f64> = h.iter().map(|h| h.abs()).collect();
    for (index, &(width, _, after)) in stack.iter().enumerate() {
        let (weight, bias, slope) = names(stack, index);
        let (weight, slope) = (values(&weight), values(&slope)[0]);
        let bias = bias.map_or_else(|| vec![0.0; width], |bias| values(&bias));
        let [gamma, beta] = affine(index).map(|name| values(&name));
        let [mean, variance] = statistics(width);
        let z = (0..width).map(|k| {
            let terms = || h.iter().zip(&size).zip(weight[k..].iter().step_by(width));
            let z = bias[k] + terms().map(|((h, _), w)| h * w).sum::<f64>();
            let mut size =
                bias[k].abs() + terms().map(|((_, size), w)| size * w.abs()).sum::<f64>();
            let z = match after {
                After::Nothing | After::Relu => z,
                After::Prelu | After::PreluThenRelu if z < 0.0 => slope * z,
                After::Prelu | After::PreluThenRelu => z,
                After::ShiftThenRelu => z + SHIFT,
                After::Norm | After::NormThenRelu => {
                    let scale = gamma[k] / (f64::from(variance[k]) + EPSILON).sqrt();
                    let mean = f64::from(mean[k]);
                    size = (size + mean.abs()) * scale.abs() + beta[k].abs();
                    (z - mean) * scale + beta[k]
                }
            };
            let z = if has_relu(after) { z.max(0.0) } else { z };
            (z, size + SHIFT.abs())
        });
        (h, size) = z.unzip();
    }
    (h, size)
}

/// Numbers without a pattern, of about unit size.
fn numbers(count: usize, seed: f64) -> Vec<f64> {
    (0..count).map(|i| (i as f64 * 1.7 + seed).sin()).collect()
}

/// The share of an output in the loss: another one for each example and output.
fn share(example: usize, output: usize) -> f64 {
    (example as f64 * 0.3 + output as f64).cos()
}

fn stacks() -> impl Strategy<Value = Stack> {
    let after = (0..AFTER.len()).prop_map(|index| AFTER[index]);
    prop::collection::vec((1_usize..20, any::<bool>(), after), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_stack_agrees_with_sums_in_f64(
        inputs in 1_usize..9, stack in stacks(), examples in 1_usize..150, seed in 0.0..100.0,
    ) {
        let layout = layout(inputs, &stack);
        let [origin, first, second] = [0.0, 20.0, 40.0].map(|shift| numbers(layout.dimension(), seed + shift));
        let plane = Plane::new(origin, [first, second]).unwrap();
        let x: Vec<f32> = numbers(examples * inputs, seed + 7.0).iter().map(|&x| x as f32).collect();
        let sum = |outputs: &Outputs<'_>, first: usize| {
            let mut sum = 0.0;
            for (k, column) in outputs.columns().enumerate() {
                for (i, &z) in column.iter().enumerate() {
                    sum += share(first + i, k) * f64::from(z);
                }
            }
            sum
        };
        let loss = DenseLoss::new(&network(&stack), &layout, &plane, &x, "", sum).unwrap();
        for at in [[0.0, 0.0], [0.4, -0.3], [-1.0, 0.7]] {
            let point = plane.lift(at);
            let (mut expected, mut size) = (0.0, 0.0);
            for (i, x) in x.chunks(inputs).enumerate() {
                let (z, sizes) = outputs(x, &stack, &layout, &point);
                expected += z.iter().enumerate().map(|(k, z)| share(i, k) * z).sum::<f64>();
                size += sizes.iter().sum::<f64>();
            }
            let found = loss.losses(&[at]).unwrap()[0];
            let error = (found * examples as f64 - expected).abs();
            prop_assert!(error <= 1e-6 * size, "{} off at {:?}, of {}", error, at, size);
        }
    }
}

#[test]
fn relu_keeps_what_is_not_a_number() {
    for (layer, after) in [
        (0, After::Relu),
        (1, After::Relu),
        (0, After::PreluThenRelu),
        (1, After::ShiftThenRelu),
        (1, After::NormThenRelu),
    ] {
        let stack = vec![(7, true, after), (3, true, after)];
        let layout = layout(4, &stack);
        let place = |part: &str| layout.entry(part).unwrap().offset;
        let origin = numbers(layout.dimension(), 0.0);
        let mut origin: Vec<f32> = origin.iter().map(|&value| value as f32).collect();
        // The first input of each layer is more than 0.
        origin[place("0.bias")] = 10.0;
        let mut end = origin.clone();
        // Far out ∞ − ∞ in the first output.
        end[place(&format!("{layer}.weight"))] -= 2.0;
        end[place(&format!("{layer}.bias"))] += 1.0;
        let plane = Plane::line(&origin, &end).unwrap();
        let (x, labels) = (vec![0.5; 4 * 70], vec![1; 70]);
        let head = softmax_cross_entropy(&labels);
        let loss = DenseLoss::new(&network(&stack), &layout, &plane, &x, "", head).unwrap();
        let losses = loss.losses(&[[0.0, 0.0], [1e300, 0.0]]).unwrap();
        assert!(losses[0].is_finite(), "{layer} {after:?}");
        assert!(losses[1].is_nan(), "{layer} {after:?}: {}", losses[1]);
    }
}
