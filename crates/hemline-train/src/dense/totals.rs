//! What the pieces of a batch make together, but for the gradients of weights and of normalisations.

use pulp::Arch;

use super::aligned::Aligned;
use super::columns::add_together;
use super::net::Layer;
use super::piece::Piece;
use super::shared::Held;

/// Sums over the pieces in their order, whoever computed those.
#[derive(Clone, Debug)]
pub(super) struct Totals {
    /// Of the losses.
    pub(super) loss: f64,
    pub(super) layers: Vec<LayerTotals>,
}

/// The gradients by some parameters of a layer, filled up as these.
#[derive(Clone, Debug)]
pub(super) struct LayerTotals {
    pub(super) bias: Aligned,
    /// None where there is no slope.
    pub(super) slope: Aligned,
}

impl Totals {
    /// Zeros for `layers`.
    pub(super) fn new(layers: &[Layer]) -> Self {
        let layers = layers.iter().map(|layer| LayerTotals {
            bias: Aligned::zeros(layer.width),
            slope: Aligned::zeros(layer.slope.as_ref().map_or(0, |slope| slope.values.len())),
        });
        Self {
            loss: 0.0,
            layers: layers.collect(),
        }
    }

    pub(super) fn add_up(&mut self, arch: Arch, pieces: &Held<'_, Piece>) {
        let pieces = || (0..pieces.len()).map(|number| pieces.get(number));
        self.loss = pieces().map(|piece| piece.loss).sum();
        for (index, totals) in self.layers.iter_mut().enumerate() {
            let values = || pieces().map(|piece| &piece.layers[index]);
            add_together(
                arch,
                &mut totals.bias,
                values().map(|values| &values.bias[..]),
            );
            if let Some(slope) = totals.slope.first_mut() {
                *slope = values().map(|values| values.slope).sum();
            }
        }
    }
}
