//! A block of weights: as many as a core keeps close, with what the optimizer remembers of them.

use std::cell::Cell;

use super::aligned::Aligned;
use super::gradient::{Examples, Gradient};
use super::layer::DenseLayer;
use super::panels::Panels;
use super::piece::{Pass, Piece};
use super::rule::Rule;
use super::share::{Place, Share};
use super::shared::Held;
use super::strip::STRIP;
use super::values::Values;

/// The examples whose gradients are summed up at a time, two strips: more would push each other out of the nearest
/// cache.
pub(super) const EXAMPLES: usize = 2 * STRIP;
/// The most pieces that these are.
const PIECES: usize = 8;

thread_local! {
    /// The gradients of a block that wait for more examples. Each thread has some for one block after the other: of
    /// all blocks they would take as much of a core's cache as the weights.
    static SUMS: Cell<Aligned> = Cell::default();
}

/// A part of a layer's Wᵀ: the weights from some of its inputs to some of its outputs.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) layer: usize,
    /// Which.
    pub(super) place: Place,
    /// Shape [these inputs, these outputs].
    pub(super) weights: Panels,
    pub(super) moments: [Panels; 2],
    /// The weights with shape [these outputs, these inputs], for the way back; none for the first layer.
    pub(super) transposed: Option<Panels>,
}

impl Block {
    /// The blocks of layer number `index`, with zeros for `moments` moments.
    pub(super) fn of(
        index: usize,
        layer: &DenseLayer,
        share: Share,
        moments: usize,
        lanes: usize,
    ) -> Vec<Self> {
        let inputs = layer.inputs();
        let places = share.places(inputs, layer.outputs()).into_iter();
        let blocks = places.map(|place| {
            let (rows, columns) = (place.inputs.len(), place.outputs.len());
            let panels = |rows| Panels::zeros(rows, columns, lanes);
            let mut weights = panels(rows);
            let (first, left) = (place.inputs.start, place.outputs.start);
            weights.fill(|row, column| layer.weight[(left + column) * inputs + first + row]);
            let mut block = Self {
                layer: index,
                place,
                weights,
                moments: [0, 1].map(|moment| panels(if moment < moments { rows } else { 0 })),
                transposed: (index > 0).then(|| Panels::zeros(columns, rows, lanes)),
            };
            block.transpose();
            block
        });
        blocks.collect()
    }

    /// Sums up the gradients over all pieces, and goes one step along them.
    pub(super) fn update(
        &mut self,
        pass: &Pass<'_>,
        pieces: &Held<'_, Piece>,
        rule: &Rule,
        l2: f32,
    ) {
        let mut sums = SUMS.take();
        let length = self.weights.values.len();
        if sums.len() < length {
            sums = Aligned::zeros(length);
        }
        let count = pieces.len();
        let width = self.values(pass, pieces.get(0)).width;
        let together = (EXAMPLES / pieces.get(0).count.max(1)).clamp(1, PIECES);
        for begin in (0..count).step_by(together) {
            let end = count.min(begin + together);
            let mut examples = [Examples::default(); PIECES];
            for (examples, number) in examples.iter_mut().zip(begin..end) {
                *examples = self.examples(pass, pieces.get(number));
            }
            let nonzero = self.nonzero(pass, [begin, end], pieces);
            let [first, second] = &mut self.moments;
            pass.arch.dispatch(Gradient {
                examples: &examples[..end - begin],
                nonzero,
                width,
                weights: &mut self.weights,
                moments: [&mut first.values, &mut second.values],
                sums: &mut sums[..length],
                begin: begin == 0,
                end: (end == count).then_some(rule),
                l2,
            });
        }
        SUMS.set(sums);
        self.transpose();
    }

    /// What met these weights in a piece, and the gradients by what came of it.
    fn examples<'a>(&self, pass: &'a Pass<'_>, piece: &'a Piece) -> Examples<'a> {
        let Place { group, number, .. } = self.place;
        let (inputs, stride) = match self.layer.checked_sub(1) {
            None => {
                let strip = pass.strip(piece.first, group);
                strip.inputs(number, piece.first)
            }
            Some(before) => {
                let before = &piece.layers[before];
                let h = &before.h[self.place.inputs.start..piece.count * before.width];
                (h, before.width)
            }
        };
        let values = self.values(pass, piece);
        Examples {
            inputs,
            stride,
            gradients: values.gradients(self.place.outputs.start, piece.count),
        }
    }

    /// What came of these weights in a piece.
    fn values<'a>(&self, pass: &'a Pass<'_>, piece: &'a Piece) -> &'a Values {
        match pass.layers[self.layer].share {
            Share::Outputs => &pass.exit(piece.first, self.place.group).values,
            Share::Pieces | Share::Inputs => &piece.layers[self.layer],
        }
    }

    /// Which of these inputs some pieces have, where gradients should leave out the others.
    fn nonzero<'a>(
        &self,
        pass: &'a Pass<'_>,
        [begin, end]: [usize; 2],
        pieces: &Held<'_, Piece>,
    ) -> Option<[&'a [u32]; 2]> {
        if self.layer > 0 {
            return None;
        }
        // They begin with a strip and are no more than two, since strips and pieces are powers of two.
        let strip = |number| pass.strip(pieces.get(number).first, self.place.group);
        let (first, last) = (strip(begin), strip(end - 1));
        let (nonzero, next) = (
            first.nonzero(self.place.number)?,
            last.nonzero(self.place.number)?,
        );
        let more = if last.first > first.first {
            &next.columns[..]
        } else {
            &[]
        };
        (nonzero.for_gradients && next.for_gradients).then_some([&nonzero.columns[..], more])
    }

    /// Brings the transposed weights up to date.
    pub(super) fn transpose(&mut self) {
        if let Some(transposed) = &mut self.transposed {
            self.weights.transpose_into(transposed);
        }
    }
}
