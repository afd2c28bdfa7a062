//! The examples in pieces, each small enough to stay in a core's cache with everything made of it.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use pulp::{Arch, Simd, WithSimd};

use super::network::{FirstLayer, Later, Linear, Resolved};
use super::product::{Product, at_least};

/// The examples in a piece: a multiple of those of a tile of the product, which are at most four vectors of 16.
/// Fixed, so that sums are the same whoever computes them.
pub(super) const PIECE: usize = 64;

/// What the first layer makes of some examples at the origin of the plane and along its directions,
/// feature by feature, [outputs, PIECE]; 0 for the examples that the last piece lacks.
pub(super) struct Piece {
    pub(super) examples: usize,
    first: [Vec<f32>; 3],
}

/// Where the layers' outputs are put, one after the other, with room for those of the widest.
pub(super) struct Scratch {
    from: Vec<f32>,
    to: Vec<f32>,
}

impl Scratch {
    pub(super) fn new(network: &Resolved) -> Self {
        let zeros = vec![0.0; network.widest() * PIECE];
        Self {
            from: zeros.clone(),
            to: zeros,
        }
    }
}

impl Piece {
    /// Passes inputs, row-major [examples, inputs], through the first layer in its three forms.
    pub(super) fn new(inputs: &[f32], layers: &[FirstLayer; 3]) -> Self {
        const SHAPE: &str = "the shapes were checked when the network was resolved";
        let width = layers[0].inputs;
        let examples = inputs.len() / width;
        let x = ArrayView2::from_shape((examples, width), inputs).expect(SHAPE);
        let first = layers.each_ref().map(|layer| {
            let features = layer.bias.len();
            let w = ArrayView2::from_shape((width, features), &layer.weight).expect(SHAPE);
            let mut outputs = Vec::with_capacity(features * PIECE);
            for &bias in &layer.bias {
                outputs.extend_from_slice(&[bias; PIECE]);
            }
            let mut z = ArrayViewMut2::from_shape((features, PIECE), &mut outputs).expect(SHAPE);
            let mut z = z.slice_axis_mut(Axis(1), (..examples).into());
            general_mat_mul(1.0, &w.t(), &x.t(), 1.0, &mut z);
            outputs
        });
        Self { examples, first }
    }

    /// The network's outputs at a point, output by output, [outputs, PIECE].
    pub(super) fn forward<'s>(
        &self,
        arch: Arch,
        network: &Resolved,
        [x, y]: [f64; 2],
        parameters: &[f32],
        scratch: &'s mut Scratch,
    ) -> &'s [f32] {
        let Scratch { from, to } = scratch;
        let mut count = network.first.outputs * PIECE;
        arch.dispatch(Combination {
            first: &self.first,
            at: [x as f32, y as f32],
            floor: network.first.floor,
            outputs: &mut from[..count],
        });
        for layer in &network.later {
            let inputs = &mut from[..count];
            match layer {
                Later::Linear(linear) => {
                    let Linear {
                        outputs,
                        weight,
                        bias,
                        floor,
                        ..
                    } = linear;
                    count = outputs * PIECE;
                    arch.dispatch(Product::<PIECE> {
                        inputs,
                        weight: &parameters[weight.clone()],
                        bias: bias.as_ref().map(|bias| &parameters[bias.clone()]),
                        floor: *floor,
                        outputs: &mut to[..count],
                    });
                    std::mem::swap(from, to);
                }
                Later::BatchNorm {
                    gamma,
                    beta,
                    mean,
                    scale,
                    floor,
                } => {
                    let (gamma, beta) = (&parameters[gamma.clone()], &parameters[beta.clone()]);
                    let statistics = mean.iter().zip(scale);
                    let features = statistics.zip(gamma.iter().zip(beta));
                    arch.dispatch(
                        #[inline(always)]
                        || {
                            for (row, ((mean, scale), (gamma, beta))) in
                                inputs.chunks_exact_mut(PIECE).zip(features)
                            {
                                for z in row {
                                    let y = (*z - mean) * scale * gamma + beta;
                                    *z = if y < *floor { *floor } else { y };
                                }
                            }
                        },
                    );
                }
                Later::Prelu(slope) => {
                    let slope = parameters[*slope];
                    arch.dispatch(
                        #[inline(always)]
                        || {
                            // A number is written in any case: of one that only sometimes is, compilers
                            // make a masked store, which takes some processors many times as long.
                            for z in inputs.iter_mut() {
                                *z *= if *z < 0.0 { slope } else { 1.0 };
                            }
                        },
                    );
                }
                Later::Relu => arch.dispatch(Relu(inputs)),
                Later::Elementwise(function) => function(inputs),
            }
        }
        &from[..count]
    }
}

/// ReLU behind what has no floor of its own.
struct Relu<'a>(&'a mut [f32]);

impl WithSimd for Relu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // Pieces are whole vectors, so nothing is left over.
        for z in S::as_mut_simd_f32s(self.0).0 {
            *z = at_least(simd, simd.splat_f32s(0.0), *z);
        }
    }
}

/// The first layer at a point: z = z₀ + x·z₁ + y·z₂, or the floor where that is more.
struct Combination<'a> {
    first: &'a [Vec<f32>; 3],
    at: [f32; 2],
    floor: f32,
    outputs: &'a mut [f32],
}

impl WithSimd for Combination<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let [origin, first, second] = self.first.each_ref().map(|z| S::as_simd_f32s(z).0);
        let [x, y] = self.at.map(|value| simd.splat_f32s(value));
        let floor = simd.splat_f32s(self.floor);
        // PIECE is a multiple of any vector's width, so nothing is left over.
        let (outputs, _) = S::as_mut_simd_f32s(self.outputs);
        let count = outputs.len();
        let (origin, first, second) = (&origin[..count], &first[..count], &second[..count]);
        for i in 0..count {
            let along_y = simd.mul_add_f32s(y, second[i], origin[i]);
            let z = simd.mul_add_f32s(x, first[i], along_y);
            outputs[i] = at_least(simd, floor, z);
        }
    }
}
