//! What is worn on the upper body: T-shirt, pullover, dress, coat and shirt.

use super::canvas::Canvas;
use super::fabric::Fabric;
use super::pose::{Pose, between, chance};
use super::top::{FrontLine, Top};
use rand::Rng;

/// Long sleeves that hang beside the body.
fn long_sleeves(rng: &mut impl Rng) -> (f32, f32, f32) {
    (
        between(rng, 13.0, 18.5),
        between(rng, 2.3, 3.8),
        between(rng, 0.12, 0.34),
    )
}

/// Short sleeves that stand off the body.
fn short_sleeves(rng: &mut impl Rng) -> (f32, f32, f32) {
    (
        between(rng, 2.0, 7.5),
        between(rng, 3.0, 4.4),
        between(rng, 0.4, 0.8),
    )
}

pub(super) fn t_shirt(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let chest = between(rng, 5.2, 7.2);
    let long = chance(rng, 0.06);
    let (sleeve, sleeve_width, spread) = if long {
        long_sleeves(rng)
    } else {
        short_sleeves(rng)
    };
    let top = Top {
        shoulder: chest + between(rng, 0.0, 1.2),
        chest,
        waist: chest + between(rng, -0.9, 0.3),
        hem: chest + between(rng, -0.6, 0.8),
        top: between(rng, -12.0, -10.0),
        bottom: between(rng, 8.5, 12.5),
        neck: between(rng, 2.0, 3.6),
        neck_depth: between(rng, 0.8, 4.0),
        sleeve,
        sleeve_width,
        spread,
    };
    top.paint(canvas, pose, fabric, rng);
}

pub(super) fn pullover(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let chest = between(rng, 5.2, 7.2);
    let (sleeve, sleeve_width, spread) = long_sleeves(rng);
    let top = Top {
        shoulder: chest + between(rng, -0.2, 1.0),
        chest,
        waist: chest + between(rng, -0.5, 0.4),
        hem: chest + between(rng, -1.0, 0.4),
        top: between(rng, -12.0, -10.0),
        bottom: between(rng, 7.5, 11.8),
        neck: between(rng, 1.8, 3.2),
        neck_depth: between(rng, 0.4, 2.8),
        sleeve,
        sleeve_width,
        spread,
    };
    let body = top.paint(canvas, pose, fabric, rng);
    if chance(rng, 0.6) {
        let y = top.bottom - 1.0;
        let rib = pose
            .band((-top.hem, y), (top.hem, y), between(rng, 1.2, 2.6))
            .within(&body);
        canvas.dim(&rib, between(rng, 0.7, 1.15));
    }
    if chance(rng, 0.2) {
        let factor = between(rng, 0.5, 0.9);
        let line = FrontLine {
            width: 0.8,
            factor,
            until: between(rng, 0.2, 1.0),
            aside: 0.0,
        };
        top.front(canvas, pose, &body, &line);
    }
}

pub(super) fn dress(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let chest = between(rng, 3.3, 5.4);
    let (sleeve, sleeve_width, spread) = match between(rng, 0.0, 1.0) {
        p if p < 0.55 => (0.0, 0.0, 0.5),
        p if p < 0.8 => short_sleeves(rng),
        _ => long_sleeves(rng),
    };
    let waist = chest - between(rng, 0.0, 1.3);
    let top = Top {
        shoulder: chest + between(rng, -1.2, 0.5),
        chest,
        waist,
        hem: waist + between(rng, 0.4, 4.8),
        top: between(rng, -13.5, -11.0),
        bottom: between(rng, 10.5, 13.5),
        neck: between(rng, 1.5, 2.6),
        neck_depth: between(rng, 0.8, 4.5),
        sleeve: 0.85 * sleeve,
        sleeve_width: 0.8 * sleeve_width,
        spread,
    };
    top.paint(canvas, pose, fabric, rng);
}

pub(super) fn coat(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let chest = between(rng, 5.2, 7.0);
    let (sleeve, sleeve_width, spread) = long_sleeves(rng);
    let top = Top {
        shoulder: chest + between(rng, -0.2, 0.9),
        chest,
        waist: chest + between(rng, -1.1, 0.3),
        hem: chest + between(rng, -0.3, 1.6),
        top: between(rng, -12.5, -10.8),
        bottom: between(rng, 10.5, 13.4),
        neck: between(rng, 1.6, 3.0),
        neck_depth: between(rng, 1.0, 5.5),
        sleeve,
        sleeve_width: sleeve_width + 0.3,
        spread,
    };
    let body = top.paint(canvas, pose, fabric, rng);
    let line = FrontLine {
        width: between(rng, 1.2, 2.8),
        factor: between(rng, 0.15, 0.85),
        until: between(rng, 0.8, 1.0),
        aside: between(rng, -0.6, 0.6),
    };
    top.front(canvas, pose, &body, &line);
    if chance(rng, 0.6) {
        top.collar(
            canvas,
            pose,
            between(rng, 1.0, 3.0),
            between(rng, 0.7, 1.25),
        );
    }
}

pub(super) fn shirt(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let chest = between(rng, 4.6, 6.4);
    let (sleeve, sleeve_width, spread) = if chance(rng, 0.3) {
        short_sleeves(rng)
    } else {
        long_sleeves(rng)
    };
    let top = Top {
        shoulder: chest + between(rng, -0.2, 1.0),
        chest,
        waist: chest + between(rng, -1.1, 0.2),
        hem: chest + between(rng, -0.8, 0.8),
        top: between(rng, -12.2, -10.3),
        bottom: between(rng, 9.0, 12.6),
        neck: between(rng, 1.6, 2.8),
        neck_depth: between(rng, 0.8, 4.0),
        sleeve,
        sleeve_width: sleeve_width - 0.2,
        spread,
    };
    let body = top.paint(canvas, pose, fabric, rng);
    if chance(rng, 0.85) {
        top.collar(canvas, pose, between(rng, 0.6, 2.0), between(rng, 0.5, 0.9));
    }
    let line = FrontLine {
        width: between(rng, 0.7, 1.4),
        factor: between(rng, 0.45, 0.95),
        until: between(rng, 0.6, 1.0),
        aside: between(rng, -0.3, 0.3),
    };
    top.front(canvas, pose, &body, &line);
}
