//! Trousers and bags.

use super::canvas::Canvas;
use super::fabric::Fabric;
use super::pose::{Pose, between, chance, symmetric};
use rand::Rng;

pub(super) fn trouser(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let waist = between(rng, 3.0, 5.0);
    let hip = waist + between(rng, 0.2, 1.4);
    let ankle = waist + between(rng, -1.0, 2.2);
    let leg = between(rng, 1.8, 3.6).min(ankle - 0.3);
    let (top, bottom) = (between(rng, -13.5, -11.5), between(rng, 10.5, 13.5));
    let crotch = between(rng, -6.0, -2.5);
    let gap = if chance(rng, 0.15) { 0.15 } else { ankle - leg };
    let outline = symmetric(&[
        (waist, top),
        (hip, crotch - 2.0),
        (0.5 * (hip + ankle), 0.5 * (crotch + bottom)),
        (ankle, bottom),
        (gap, bottom),
        (0.1, crotch),
    ]);
    let mask = pose.fill(&outline);
    fabric.paint(canvas, &mask);
    if chance(rng, 0.6) {
        let belt = pose.band((-waist - 0.5, top + 0.8), (waist + 0.5, top + 0.8), 1.6);
        canvas.dim(&belt.within(&mask), between(rng, 0.5, 1.2));
    }
    let crease = between(rng, 0.75, 1.1);
    for side in [-1.0, 1.0] {
        let from = (side * 0.55 * hip, crotch);
        canvas.dim(
            &pose
                .band(from, (side * (ankle - 0.5 * leg), bottom), 0.9)
                .within(&mask),
            crease,
        );
    }
}

pub(super) fn bag(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let half = between(rng, 7.0, 12.5);
    let upper = half * between(rng, 0.75, 1.05);
    let bottom = between(rng, 8.0, 12.0);
    let top = bottom - between(rng, 10.0, 18.0);
    let round = between(rng, 0.5, 2.5);
    let mask = pose.fill_smooth(&symmetric(&[
        (upper - round, top),
        (upper, top + round),
        (half, bottom - round),
        (half - round, bottom),
    ]));
    if chance(rng, 0.8) {
        let rise = between(rng, 2.0, 9.0);
        let reach = upper * between(rng, 0.35, 0.9);
        let width = between(rng, 0.7, 1.8);
        let outer = [
            (reach, top + 1.0),
            (0.85 * reach, top - 0.8 * rise),
            (0.3 * reach, top - rise),
        ];
        let inner = outer.map(|(x, y)| ((x - width).max(0.05), y + width));
        let handle = pose.fill_smooth(&symmetric(&outer));
        let hole = pose.fill_smooth(&symmetric(&inner));
        fabric
            .toned(between(rng, 0.6, 1.2))
            .paint(canvas, &handle.without(&hole));
    }
    fabric.paint(canvas, &mask);
    if chance(rng, 0.6) {
        let y = top + between(rng, 0.25, 0.6) * (bottom - top);
        let flap = pose.band((-half - 1.0, y), (half + 1.0, y), between(rng, 0.6, 1.4));
        canvas.dim(&flap.within(&mask), between(rng, 0.5, 0.9));
    }
    if chance(rng, 0.4) {
        let y = top + between(rng, 0.3, 0.6) * (bottom - top);
        let clasp = pose.band((-1.2, y), (1.2, y), between(rng, 1.2, 2.6));
        fabric.toned(between(rng, 0.4, 1.6)).paint(canvas, &clasp);
    }
}
