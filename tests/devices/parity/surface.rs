//! The loss on a plane, by the path that takes any module on any device.

#![allow(clippy::print_stderr, reason = "what was measured is worth reading")]

use burn::tensor::Device;
use hemline_landscape::{
    Grid, Layout, ModuleLoss, Normalization, Plane, RunningStatistics, Surface, SurfaceConfig,
    flatten,
};
use hemline_models::{Activation, Mlp, Pass, cross_entropy};
use hemline_train::{Purpose, generator};

use super::case::{SEED, batch, mlp};
use super::{BOUND, Likeness};

/// Computes the same surface on `device` and on flex, and compares.
pub(super) fn agrees(device: &Device, likeness: Likeness) {
    let (found, expected) = (surface(device), surface(&Device::flex()));
    let highest = expected.iter().copied().fold(0.0, f64::max);
    assert!(highest > 1.5 * expected[expected.len() / 2], "it is flat");
    if let Likeness::Exact = likeness {
        assert_eq!(found, expected);
        return;
    }
    let mut worst = 0.0_f64;
    for (point, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let share = (found - expected).abs() / expected;
        assert!(
            share <= BOUND,
            "{found}, expected {expected} at point {point}"
        );
        worst = worst.max(share);
    }
    eprintln!("the surface is at most {worst:.1e} of flex's away");
}

/// The surface over 512 images around a network as it is drawn, row by row.
fn surface(device: &Device) -> Vec<f64> {
    let mut weights = generator(SEED, Purpose::Weights, 0);
    let config = mlp(Activation::RELU, vec![16, 16]);
    let network = config.init(&mut weights, device).unwrap();
    let layout = Layout::of(&network, RunningStatistics::Fixed);
    let center = flatten(&network, &layout).unwrap();
    let plane = Plane::random(&layout, &center, Normalization::Filter, SEED).unwrap();
    let (images, labels) = batch(0, 512, device);
    let loss = |network: &Mlp| {
        let logits = network.forward(images.clone(), &mut Pass::Evaluate);
        let loss = cross_entropy(logits, labels.clone());
        Ok(f64::from(loss.try_into_scalar::<f32>()?))
    };
    let loss = ModuleLoss::new(&network, &layout, &plane, "512 images", loss).unwrap();
    let line = vec![-1.0, -0.5, 0.0, 0.5, 1.0];
    let grid = Grid::new(line.clone(), line).unwrap();
    let surface = Surface::compute(&loss, &grid, &SurfaceConfig::default(), &mut ());
    surface.unwrap().loss
}
