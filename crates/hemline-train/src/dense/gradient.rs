//! The gradients of a block of weights, spent on the spot: what is summed up in registers, a tile at a time,
//! updates the weights while it is still in the nearest cache.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::panels::Panels;
use super::rule::Rule;
use super::sparse::Tiles;
use super::tail;
use super::tiles::{SPARSE, WIDE, add_outer, height, most, panel, sparse_part};

/// Some examples: what went into a layer, and the loss's gradients by what came out of its weights.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Examples<'a> {
    /// Rows of `stride` numbers.
    pub(super) inputs: &'a [f32],
    pub(super) stride: usize,
    /// As many rows, a whole number of vectors each. They may begin within a wider row, and then the last ends early.
    pub(super) gradients: &'a [f32],
}

/// Sums gᵢⱼ = Σₙ xₙᵢ δₙⱼ over examples in their order, and updates weights with them.
#[derive(Debug)]
pub(super) struct Gradient<'a> {
    /// So many that their numbers stay close to the core.
    pub(super) examples: &'a [Examples<'a>],
    /// For each [`SPARSE`] inputs, a bit for each of the first 32 examples, and for each of the next 32 if there are
    /// any: whether one of them is other than zero. Where given, what is zero is left out, and after each example as
    /// many inputs follow as a block may have.
    pub(super) nonzero: Option<[&'a [u32]; 2]>,
    /// The numbers in a row of `gradients`.
    pub(super) width: usize,
    pub(super) weights: &'a mut Panels,
    /// Laid out as the weights, as far as the rule has them.
    pub(super) moments: [&'a mut [f32]; 2],
    /// Where sums wait for more examples, laid out as the weights.
    pub(super) sums: &'a mut [f32],
    /// Whether no examples came before.
    pub(super) begin: bool,
    /// The rule to update by, if no more examples come.
    pub(super) end: Option<&'a Rule>,
    pub(super) l2: f32,
}

/// The part of a block that a panel is.
struct Panel<'a, S: Simd> {
    weights: &'a mut [S::f32s],
    moments: [&'a mut [S::f32s]; 2],
    sums: &'a mut [S::f32s],
    /// The number of vectors before it in a row of gradients.
    before: usize,
}

impl<S: Simd> Panel<'_, S> {
    /// Some of it, with `before` vectors before it.
    #[inline(always)]
    fn part(&mut self, range: Range<usize>, before: usize) -> Panel<'_, S> {
        let [first, second] = &mut self.moments;
        Panel {
            weights: &mut self.weights[range.clone()],
            moments: [
                first.get_mut(range.clone()).unwrap_or_default(),
                second.get_mut(range.clone()).unwrap_or_default(),
            ],
            sums: &mut self.sums[range],
            before,
        }
    }
}

/// What all panels have in common.
struct Common<'a, S: Simd> {
    simd: S,
    examples: &'a [Examples<'a>],
    nonzero: Option<[&'a [u32]; 2]>,
    width: usize,
    begin: bool,
    end: Option<&'a Rule>,
    l2: f32,
}

impl WithSimd for Gradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let common = Common {
            simd,
            examples: self.examples,
            nonzero: self.nonzero,
            width: self.width,
            begin: self.begin,
            end: self.end,
            l2: self.l2,
        };
        let (vectors, tail) = (self.weights.vectors(), self.weights.tail());
        let rows = self.weights.rows();
        let height = self.weights.height() / S::F32_LANES;
        let (weights, _) = S::as_mut_simd_f32s(&mut self.weights.values);
        let (sums, _) = S::as_mut_simd_f32s(self.sums);
        let [first, second] = self.moments;
        let (first, _) = S::as_mut_simd_f32s(first);
        let (second, _) = S::as_mut_simd_f32s(second);
        let mut all = Panel::<S> {
            weights,
            moments: [first, second],
            sums,
            before: 0,
        };
        // First, since it reads what went in row after row: tiles find that in the nearest cache then.
        if tail > 0 {
            let begin = rows * vectors;
            let columns = all.part(begin..begin + tail * height, vectors);
            common.tail(columns, rows, height);
        }
        let mut before = 0;
        while before < vectors {
            let width = panel(vectors - before, S::F32_LANES);
            let range = rows * before..rows * (before + width);
            let panel = all.part(range, before);
            match width {
                6 if S::F32_LANES < WIDE => common.panel::<6>(panel),
                4 => common.panel::<4>(panel),
                3 => common.panel::<3>(panel),
                2 => common.panel::<2>(panel),
                _ => common.panel::<1>(panel),
            }
            before += width;
        }
    }
}

impl<S: Simd> Common<'_, S> {
    /// The tail: columns of `rows` weights, which fill `height` vectors each.
    #[inline(always)]
    fn tail(&self, panel: Panel<'_, S>, rows: usize, height: usize) {
        if self.begin {
            panel.sums.fill(self.simd.splat_f32s(0.0));
        }
        let output = [panel.before * S::F32_LANES, self.width];
        tail::gradients(self.simd, self.examples, rows, output, panel.sums, height);
        if let Some(rule) = self.end {
            rule.update(self.simd, panel.weights, panel.moments, panel.sums, self.l2);
        }
    }

    #[inline(always)]
    fn panel<const V: usize>(&self, mut panel: Panel<'_, S>) {
        let rows = panel.weights.len() / V;
        let mut row = 0;
        while row < rows {
            let left = rows - row;
            row += match self.nonzero {
                Some(nonzero) => match sparse_part::<S>(V, left) {
                    SPARSE.. => self.tiles::<V, SPARSE>(&mut panel, row, nonzero),
                    3 => self.tiles::<V, 3>(&mut panel, row, nonzero),
                    2 => self.tiles::<V, 2>(&mut panel, row, nonzero),
                    _ => self.tiles::<V, 1>(&mut panel, row, nonzero),
                },
                None => match height::<S>(V, left) {
                    8 => self.tile::<V, 8>(&mut panel, row, None),
                    6 => self.tile::<V, 6>(&mut panel, row, None),
                    4 => self.tile::<V, 4>(&mut panel, row, None),
                    3 => self.tile::<V, 3>(&mut panel, row, None),
                    2 => self.tile::<V, 2>(&mut panel, row, None),
                    _ => self.tile::<V, 1>(&mut panel, row, None),
                },
            };
        }
    }

    /// As many tiles of `R` rows as there are from number `row` on, without zeros.
    #[inline(always)]
    fn tiles<const V: usize, const R: usize>(
        &self,
        panel: &mut Panel<'_, S>,
        row: usize,
        nonzero: [&[u32]; 2],
    ) -> usize {
        let nothing = [self.simd.splat_f32s(0.0); V];
        let start = [panel.before, row];
        let tiles = Tiles::<S, V, R>::new(self.examples, self.width, nonzero, start, &nothing);
        let count = (panel.weights.len() / V - row) / R;
        let mut number = 0;
        while number < count {
            self.tile::<V, R>(panel, row + number * R, Some((&tiles, number)));
            number += 1;
        }
        count * R
    }

    /// A tile of rows from number `row` on; without zeros, the one of that number among some.
    #[inline(always)]
    fn tile<const V: usize, const R: usize>(
        &self,
        panel: &mut Panel<'_, S>,
        row: usize,
        sparse: Option<(&Tiles<'_, S, V, R>, usize)>,
    ) -> usize {
        if V * R > most::<S>() {
            // No such tile is asked for; this keeps the compiler from making it.
            return R;
        }
        let range = row * V..(row + R) * V;
        let mut sums = [[self.simd.splat_f32s(0.0); V]; R];
        if !self.begin {
            // As one array: row by row they would go through the stack, here and below.
            let (start, _) = panel.sums[range.clone()].as_chunks();
            if let Some(start) = start.first_chunk() {
                sums = *start;
            }
        }
        sums = match sparse {
            Some((tiles, number)) => tiles.add(self.simd, sums, number),
            None => self.add(sums, [panel.before, row]),
        };
        // Lent and written down only now, so that they stay in registers while they are summed up.
        let Some(rule) = self.end else {
            let (waiting, _) = panel.sums[range].as_chunks_mut();
            if let Some(waiting) = waiting.first_chunk_mut() {
                *waiting = sums;
            }
            return R;
        };
        let [first, second] = &mut panel.moments;
        let moments = [
            first.get_mut(range.clone()).unwrap_or_default(),
            second.get_mut(range.clone()).unwrap_or_default(),
        ];
        let weights = &mut panel.weights[range];
        // A copy, since what is lent lies in memory, and the sums are not to.
        let lent = sums;
        rule.update(self.simd, weights, moments, lent.as_flattened(), self.l2);
        R
    }

    /// Adds what the examples make to the sums of a tile.
    #[inline(always)]
    fn add<const V: usize, const R: usize>(
        &self,
        mut sums: [[S::f32s; V]; R],
        [before, row]: [usize; 2],
    ) -> [[S::f32s; V]; R] {
        let width = self.width / S::F32_LANES;
        let mut number = 0;
        while number < self.examples.len() {
            let Examples {
                inputs,
                stride,
                gradients,
            } = self.examples[number];
            let inputs = &inputs[row..];
            let gradients = &S::as_simd_f32s(gradients).0[before..];
            let mut rows = 0;
            let pairs = inputs
                .chunks_exact(stride)
                .zip(gradients.chunks_exact(width));
            for (inputs, gradients) in pairs {
                sums = self.add_one(sums, inputs, gradients);
                rows += 1;
            }
            // The last one ends early, but where the tile begins with the row.
            if rows * width < gradients.len() {
                sums = self.add_one(sums, &inputs[rows * stride..], &gradients[rows * width..]);
            }
            number += 1;
        }
        sums
    }

    /// Adds what one example makes.
    #[inline(always)]
    fn add_one<const V: usize, const R: usize>(
        &self,
        sums: [[S::f32s; V]; R],
        inputs: &[f32],
        gradients: &[S::f32s],
    ) -> [[S::f32s; V]; R] {
        match (inputs.first_chunk(), gradients.first_chunk()) {
            (Some(factors), Some(vectors)) => add_outer(self.simd, sums, factors, vectors),
            _ => sums,
        }
    }
}
