//! Tests: the same bits from vectors of any width, whether zeros are left out or not, and wherever a block lies.

use pulp::{Arch, Scalar, Scalar128b, Scalar256b, Scalar512b, Simd, WithSimd};

use super::aligned::Aligned;
use super::gradient::{Examples, Gradient};
use super::nonzero::Nonzero;
use super::panels::Panels;
use super::product::{Product, Start};
use super::rule::Rule;
use super::share::BLOCK_INPUTS;
use super::strip::STRIP;
use super::write::write;

/// Numbers that no sum of a few is exact of.
fn number(index: usize) -> f32 {
    (index * 7919 % 1009) as f32 / 1009.0 - 0.4
}

/// Such numbers, and zeros: mostly together, and some alone.
fn input(index: usize) -> f32 {
    if (index / 7).is_multiple_of(3) || index % 11 < 2 {
        0.0
    } else {
        number(index)
    }
}

/// A layer of `inputs` inputs and `outputs` outputs that passes `examples` examples on, and learns from them.
#[derive(Clone, Copy, Debug)]
struct Case {
    inputs: usize,
    outputs: usize,
    examples: usize,
    /// The numbers of other blocks before its own in a row of z and of the gradients.
    before: usize,
    /// Whether zeros are left out.
    sparse: bool,
}

impl Case {
    /// What is other than zero in each strip of `x`.
    fn nonzero(&self, x: &[f32]) -> Vec<Nonzero> {
        let strips = x.chunks(STRIP * self.inputs).map(|x| {
            let mut nonzero = Nonzero::new(self.inputs);
            assert!(nonzero.clone().wanted());
            assert_eq!(write(x, self.inputs, &mut nonzero), x);
            nonzero
        });
        strips.collect()
    }
}

impl WithSimd for Case {
    type Output = (Vec<f32>, Vec<f32>);

    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Self {
            inputs,
            outputs,
            examples,
            before,
            sparse,
        } = self;
        let width = before + outputs.next_multiple_of(S::F32_LANES);
        let mut weights = Panels::zeros(inputs, outputs, S::F32_LANES);
        weights.fill(|row, column| number(row * outputs + column));
        let x: Vec<f32> = (0..examples * inputs).map(input).collect();
        let bias: Vec<f32> = (0..width - before).map(number).collect();
        let mut z = Aligned::zeros(examples * width);
        for start in [Start::Row(&bias), Start::Output] {
            let strips = x.chunks(STRIP * inputs).zip(z.chunks_mut(STRIP * width));
            for ((x, z), nonzero) in strips.zip(self.nonzero(&x)) {
                let product = Product {
                    left: x,
                    stride: inputs,
                    rows: x.len() / inputs,
                    right: &weights,
                    start,
                    output: &mut z[before..],
                    output_stride: width,
                    nonzero: sparse.then_some(&nonzero),
                    ahead: None,
                };
                product.with_simd(simd);
            }
        }
        let z: Vec<f32> = z
            .chunks(width)
            .flat_map(|row| &row[before..before + outputs])
            .copied()
            .collect();
        let mut gradients = Aligned::zeros(examples * width);
        for (row, from) in gradients.chunks_mut(width).zip(z.chunks(outputs)) {
            row[before..before + outputs].copy_from_slice(from);
        }
        let mut sums = Aligned::zeros(weights.values.len());
        let half = examples / 2;
        let followed = [&x[..], &[1.0; BLOCK_INPUTS]].concat();
        for (part, begin) in [(0..half, true), (half..examples, false)] {
            let x = &x[part.start * inputs..part.end * inputs];
            let gradients = &gradients[part.start * width + before..part.end * width];
            let nonzero = self.nonzero(x);
            let columns = [0, 1].map(|strip| nonzero.get(strip).map_or(&[][..], |of| &of.columns));
            let begins = (part.start..).step_by(STRIP).map(|first| first * inputs);
            let parts = begins.zip(gradients.chunks(STRIP * width));
            let parts = parts.map(|(begin, gradients)| Examples {
                inputs: &followed[begin..],
                stride: inputs,
                gradients,
            });
            let gradient = Gradient {
                examples: &parts.collect::<Vec<_>>(),
                nonzero: sparse.then_some(columns),
                width,
                weights: &mut weights,
                moments: [&mut [], &mut []],
                sums: &mut sums,
                begin,
                end: (!begin).then_some(&Rule::Descent { rate: 0.1 }),
                l2: 0.01,
            };
            gradient.with_simd(simd);
        }
        let mut after = Vec::new();
        weights.each_column(|_, numbers| after.extend(numbers));
        (z, after)
    }
}

#[test]
fn a_product_and_an_update_do_not_depend_on_the_processor_or_on_zeros_left_out() {
    for (inputs, outputs) in [
        (112, 50),
        (50, 50),
        (31, 50),
        (23, 40),
        (30, 36),
        (17, 10),
        (3, 100),
        (64, 17),
        (40, 35),
        (70, 128),
    ] {
        for examples in [2, 9, 16, 90] {
            let case = Case {
                inputs,
                outputs,
                examples,
                before: 0,
                sparse: false,
            };
            let found = Arch::new().dispatch(case);
            let cases = [(0, false), (0, true), (48, false), (48, true)];
            for (before, sparse) in cases {
                let case = Case {
                    before,
                    sparse,
                    ..case
                };
                assert_eq!(Arch::new().dispatch(case), found, "{case:?}");
                assert_eq!(case.with_simd(Scalar), found, "{case:?}");
                assert_eq!(case.with_simd(Scalar128b), found, "{case:?}");
                assert_eq!(case.with_simd(Scalar256b), found, "{case:?}");
                assert_eq!(case.with_simd(Scalar512b), found, "{case:?}");
            }
        }
    }
}

#[test]
fn they_are_what_plain_sums_are() {
    let case = Case {
        inputs: 50,
        outputs: 50,
        examples: 9,
        before: 16,
        sparse: true,
    };
    let (z, weights) = Arch::new().dispatch(case);
    let (x, w) = (
        |n: usize, i: usize| f64::from(input(n * 50 + i)),
        |i: usize, j: usize| f64::from(number(i * 50 + j)),
    );
    for n in 0..9 {
        for j in 0..50 {
            // Twice, the second time on top of the first.
            let sum: f64 = (0..50).map(|i| x(n, i) * w(i, j)).sum();
            let expected = f64::from(number(j)) + 2.0 * sum;
            let found = f64::from(z[n * 50 + j]);
            assert!(
                (found - expected).abs() < 1e-5,
                "{n}, {j}: {found} {expected}"
            );
        }
    }
    for i in 0..50 {
        for j in 0..50 {
            let gradient: f64 = (0..9).map(|n| x(n, i) * f64::from(z[n * 50 + j])).sum();
            let expected = w(i, j) - 0.1 * (gradient + 0.01 * w(i, j));
            let found = f64::from(weights[j * 50 + i]);
            assert!(
                (found - expected).abs() < 1e-5,
                "{i}, {j}: {found} {expected}"
            );
        }
    }
}
