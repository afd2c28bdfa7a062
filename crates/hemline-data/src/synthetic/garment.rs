//! One picture of one garment: class, pose, cloth, shape, accidents and noise, in that order.

use super::canvas::Canvas;
use super::fabric::Fabric;
use super::pose::{Pose, between, chance};
use super::{others, shoes, tops};
use rand::Rng;

/// The ten classes of Fashion-MNIST, in its order.
pub const CLASS_NAMES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// How far garments stray from the middle of the picture. With the accidents below, it sets how hard
/// the set is for a model that sees single pixels and not shapes.
const POSE_STRENGTH: f32 = 1.0;
/// The part of the pictures in which the garment lies mirrored.
const MIRRORED: f32 = 0.10;
/// The part of the pictures in which something hides a piece of the garment.
const OCCLUDED: f32 = 0.12;

/// Draws one garment of the class into a picture of `PIXELS` bytes.
pub(super) fn draw_garment(class: u32, rng: &mut impl Rng, pixels: &mut [u8]) {
    let mut pose = Pose::draw(rng, POSE_STRENGTH);
    if chance(rng, MIRRORED) {
        pose = pose.mirrored();
    }
    let fabric = Fabric::draw(rng);
    let mut canvas = Canvas::new();
    match class {
        0 => tops::t_shirt(&mut canvas, &pose, &fabric, rng),
        1 => others::trouser(&mut canvas, &pose, &fabric, rng),
        2 => tops::pullover(&mut canvas, &pose, &fabric, rng),
        3 => tops::dress(&mut canvas, &pose, &fabric, rng),
        4 => tops::coat(&mut canvas, &pose, &fabric, rng),
        5 => shoes::sandal(&mut canvas, &pose, &fabric, rng),
        6 => tops::shirt(&mut canvas, &pose, &fabric, rng),
        7 => shoes::sneaker(&mut canvas, &pose, &fabric, rng),
        8 => others::bag(&mut canvas, &pose, &fabric, rng),
        _ => shoes::ankle_boot(&mut canvas, &pose, &fabric, rng),
    }
    if chance(rng, OCCLUDED) {
        let from = (between(rng, -12.0, 12.0), between(rng, -12.0, 12.0));
        let to = (
            from.0 + between(rng, -9.0, 9.0),
            from.1 + between(rng, -9.0, 9.0),
        );
        let hidden = pose.band(from, to, between(rng, 2.0, 6.0));
        canvas.dim(&hidden, between(rng, 0.0, 0.4));
    }
    fabric.develop(&canvas, rng, pixels);
}
