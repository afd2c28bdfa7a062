//! What a dense network is to the fast path: layers whose parameters are named in the layout.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use super::finder::{Finder, wrong};
use crate::{Error, Layout, Plane};

/// A function applied to a slice, element by element.
pub type SliceFunction = Arc<dyn Fn(&mut [f32]) + Send + Sync>;

/// One layer of a dense network, by the names of its parameters in the [`Layout`].
#[derive(Clone)]
pub enum DenseLayer {
    /// z = xW + b, with W of shape `[inputs, outputs]`, as burn keeps it.
    Linear {
        /// W.
        weight: String,
        /// b of shape `[outputs]`, if there is one.
        bias: Option<String>,
    },
    /// (x − mean)/√(variance + ε)·γ + β, with fixed running statistics.
    BatchNorm {
        /// γ of shape `[features]`.
        gamma: String,
        /// β of shape `[features]`.
        beta: String,
        /// The running mean.
        mean: Vec<f32>,
        /// The running variance.
        variance: Vec<f32>,
        /// ε.
        epsilon: f64,
    },
    /// z for z > 0, a·z below, with one slope a.
    Prelu {
        /// a, of one element.
        slope: String,
    },
    /// max(0, z), or NaN for NaN.
    Relu,
    /// A function without parameters.
    Elementwise(SliceFunction),
}

impl std::fmt::Debug for DenseLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Linear { weight, bias } => write!(f, "Linear({weight}, {bias:?})"),
            Self::BatchNorm { gamma, beta, .. } => write!(f, "BatchNorm({gamma}, {beta})"),
            Self::Prelu { slope } => write!(f, "Prelu({slope})"),
            Self::Relu => f.write_str("Relu"),
            Self::Elementwise(_) => f.write_str("Elementwise"),
        }
    }
}

/// Layers one after the other, the first of which is linear.
#[derive(Clone, Debug, Default)]
pub struct DenseNetwork {
    /// The layers.
    pub layers: Vec<DenseLayer>,
}

/// A linear layer, by the places of its parameters in the layout's vector or in a point's.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) weight: Range<usize>,
    pub(super) bias: Option<Range<usize>>,
    /// The least of its outputs: 0 where a ReLU follows, which is then no layer of its own; else −∞.
    pub(super) floor: f32,
}

/// A layer behind the first, with the places of its parameters in a point's vector.
pub(super) enum Later {
    Linear(Linear),
    /// γ and β, mean and 1/√(variance + ε), and a floor as a linear layer has one.
    BatchNorm {
        gamma: Range<usize>,
        beta: Range<usize>,
        mean: Vec<f32>,
        scale: Vec<f32>,
        floor: f32,
    },
    Prelu(usize),
    Relu,
    Elementwise(SliceFunction),
}

/// A network with its places found.
pub(super) struct Resolved {
    pub(super) first: Linear,
    pub(super) later: Vec<Later>,
    /// The places in the layout of the parameters behind the first layer, in the order of a point's
    /// vector.
    places: Vec<Range<usize>>,
    description: String,
}

impl Resolved {
    pub(super) fn new(network: &DenseNetwork, layout: &Layout) -> Result<Self, Error> {
        let Some((DenseLayer::Linear { weight, bias }, rest)) = network.layers.split_first() else {
            let found = network.layers.first().map(|layer| format!("{layer:?}"));
            return Err(wrong(
                "layer 0",
                "a linear layer",
                found.unwrap_or_else(|| "no layer".to_owned()),
            ));
        };
        let mut finder = Finder::new(layout);
        let mut first = finder.linear(weight, bias.as_deref(), None)?;
        let mut description = format!("{:?} ", network.layers[0]);
        let (mut later, mut width) = (Vec::new(), first.outputs);
        for layer in rest {
            let _ = write!(description, "{layer:?} ");
            let layer = match layer {
                DenseLayer::Linear { weight, bias } => {
                    let found = finder.linear(weight, bias.as_deref(), Some(width))?;
                    width = found.outputs;
                    Later::Linear(finder.pack(found))
                }
                DenseLayer::BatchNorm {
                    gamma,
                    beta,
                    mean,
                    variance,
                    epsilon,
                } => {
                    for (part, statistic) in [("mean", mean), ("variance", variance)] {
                        if statistic.len() != width {
                            let part = format!("the running {part} before {gamma}");
                            return Err(wrong(&part, width, statistic.len()));
                        }
                    }
                    let _ = write!(description, "{mean:?} {variance:?} {epsilon} ");
                    let inverse = |v: &f32| (1.0 / (f64::from(*v) + epsilon).sqrt()) as f32;
                    let (gamma, beta) = (finder.vector(gamma, width)?, finder.vector(beta, width)?);
                    Later::BatchNorm {
                        gamma: finder.place(gamma),
                        beta: finder.place(beta),
                        mean: mean.clone(),
                        scale: variance.iter().map(inverse).collect(),
                        floor: f32::NEG_INFINITY,
                    }
                }
                DenseLayer::Prelu { slope } => {
                    let slope = finder.vector(slope, 1)?;
                    Later::Prelu(finder.place(slope).start)
                }
                DenseLayer::Relu => {
                    let before = match later.last_mut() {
                        None => Some(&mut first.floor),
                        Some(Later::Linear(linear)) => Some(&mut linear.floor),
                        Some(Later::BatchNorm { floor, .. }) => Some(floor),
                        Some(_) => None,
                    };
                    if let Some(floor) = before {
                        *floor = 0.0;
                        continue;
                    }
                    Later::Relu
                }
                DenseLayer::Elementwise(function) => Later::Elementwise(Arc::clone(function)),
            };
            later.push(layer);
        }
        Ok(Self {
            first,
            later,
            places: finder.into_places(),
            description,
        })
    }

    pub(super) fn inputs(&self) -> usize {
        self.first.inputs
    }

    pub(super) fn description(&self) -> &str {
        &self.description
    }

    /// The first layer's weight [inputs, outputs] and bias [outputs] at the origin and along both
    /// directions.
    pub(super) fn first_layers(&self, plane: &Plane) -> [FirstLayer; 3] {
        let Linear {
            inputs,
            outputs,
            weight,
            bias,
            ..
        } = &self.first;
        let take = |vector: &[f64], range: &Range<usize>| -> Vec<f32> {
            vector[range.clone()].iter().map(|&v| v as f32).collect()
        };
        let [first, second] = plane.directions();
        [plane.origin(), first, second].map(|vector| FirstLayer {
            inputs: *inputs,
            weight: take(vector, weight),
            bias: bias
                .as_ref()
                .map_or_else(|| vec![0.0; *outputs], |bias| take(vector, bias)),
        })
    }

    /// The parameters behind the first layer at the origin and along both directions.
    pub(super) fn later_parameters(&self, plane: &Plane) -> LaterParameters {
        let [first, second] = plane.directions();
        LaterParameters([plane.origin(), first, second].map(|vector| {
            let parts = self.places.iter().map(|place| &vector[place.clone()]);
            parts.flatten().copied().collect()
        }))
    }

    /// The most outputs that a layer has.
    pub(super) fn widest(&self) -> usize {
        let later = self.later.iter().map(|layer| match layer {
            Later::Linear(linear) => linear.outputs,
            _ => 0,
        });
        later.fold(self.first.outputs, usize::max)
    }
}

/// The first layer's parameters, or their change along a direction.
pub(super) struct FirstLayer {
    pub(super) inputs: usize,
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// The parameters behind the first layer, or their change along a direction, one after the other.
pub(super) struct LaterParameters([Vec<f64>; 3]);

impl LaterParameters {
    /// The parameters at a point.
    pub(super) fn at(&self, [x, y]: [f64; 2]) -> Vec<f32> {
        let [origin, first, second] = &self.0;
        let along = origin.iter().zip(first).zip(second);
        along
            .map(|((o, f), s)| (o + x * f + y * s) as f32)
            .collect()
    }
}
