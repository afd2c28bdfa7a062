//! The examples in pieces, each small enough to stay in a core's cache with everything made of it.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

use super::network::{FirstLayer, Later, Linear, Resolved};

/// The examples in a piece. Fixed, so that sums are the same whoever computes them.
pub(super) const PIECE: usize = 128;

/// What the first layer makes of some examples at the origin of the plane and along its directions, each
/// row-major [rows, outputs].
pub(super) struct Piece {
    rows: usize,
    first: [Vec<f32>; 3],
}

/// Where the layers' outputs are put, one after the other.
#[derive(Default)]
pub(super) struct Scratch {
    from: Vec<f32>,
    to: Vec<f32>,
}

impl Piece {
    /// Passes inputs, row-major [rows, inputs], through the first layer in its three forms.
    pub(super) fn new(inputs: &[f32], layers: &[FirstLayer; 3]) -> Self {
        let rows = inputs.len() / layers[0].inputs;
        let first = layers.each_ref().map(|layer| {
            let mut outputs = layer.bias.repeat(rows);
            multiply(inputs, &layer.weight, &mut outputs, [rows, layer.inputs]);
            outputs
        });
        Self { rows, first }
    }

    /// The network's outputs at a point, row-major [rows, outputs].
    pub(super) fn forward<'s>(
        &self,
        network: &Resolved,
        [x, y]: [f64; 2],
        parameters: &[f32],
        scratch: &'s mut Scratch,
    ) -> &'s mut [f32] {
        let (x, y) = (x as f32, y as f32);
        let Scratch { from, to } = scratch;
        let [origin, first, second] = &self.first;
        from.clear();
        let changes = first.iter().zip(second);
        from.extend(
            origin
                .iter()
                .zip(changes)
                .map(|(o, (d, e))| o + x * d + y * e),
        );
        let mut width = network.first.outputs;
        for layer in &network.later {
            match layer {
                Later::Linear(linear) => {
                    let Linear {
                        inputs,
                        outputs,
                        weight,
                        bias,
                    } = linear;
                    to.clear();
                    match bias {
                        Some(bias) => {
                            let bias = &parameters[bias.clone()];
                            for _ in 0..self.rows {
                                to.extend_from_slice(bias);
                            }
                        }
                        None => to.resize(self.rows * outputs, 0.0),
                    }
                    multiply(from, &parameters[weight.clone()], to, [self.rows, *inputs]);
                    std::mem::swap(from, to);
                    width = *outputs;
                }
                Later::BatchNorm {
                    gamma,
                    beta,
                    mean,
                    scale,
                } => {
                    let (gamma, beta) = (&parameters[gamma.clone()], &parameters[beta.clone()]);
                    for row in from.chunks_exact_mut(width) {
                        let statistics = mean.iter().zip(scale);
                        let affine = gamma.iter().zip(beta);
                        for ((z, (mean, scale)), (gamma, beta)) in
                            row.iter_mut().zip(statistics).zip(affine)
                        {
                            *z = (*z - mean) * scale * gamma + beta;
                        }
                    }
                }
                Later::Prelu(slope) => {
                    let slope = parameters[*slope];
                    for z in from.iter_mut() {
                        *z = if *z < 0.0 { slope * *z } else { *z };
                    }
                }
                Later::Elementwise(function) => function(from),
            }
        }
        from
    }
}

/// Adds a product of `left` [rows, inner] and `right` [inner, columns] to `sum` [rows, columns].
fn multiply(left: &[f32], right: &[f32], sum: &mut [f32], [rows, inner]: [usize; 2]) {
    const SHAPE: &str = "the shapes were checked when the network was resolved";
    let columns = right.len() / inner;
    let left = ArrayView2::from_shape((rows, inner), left).expect(SHAPE);
    let right = ArrayView2::from_shape((inner, columns), right).expect(SHAPE);
    let mut sum = ArrayViewMut2::from_shape((rows, columns), sum).expect(SHAPE);
    general_mat_mul(1.0, &left, &right, 1.0, &mut sum);
}
