//! What is worn on the foot, seen from the side with the toe to the left: sandal, sneaker, boot.

use super::canvas::{Canvas, Point};
use super::fabric::Fabric;
use super::pose::{Pose, between, chance};
use rand::Rng;

/// The measures that all shoes share.
struct Sole {
    toe: f32,
    heel: f32,
    ground: f32,
    thickness: f32,
    /// How far the heel is lifted above the ground.
    lift: f32,
}

impl Sole {
    fn draw(rng: &mut impl Rng, thickness: f32, lift: f32) -> Self {
        Self {
            toe: between(rng, -13.0, -11.5),
            heel: between(rng, 11.0, 13.0),
            ground: between(rng, 4.5, 7.5),
            thickness,
            lift,
        }
    }

    /// The upper side of the sole at a part `t` of the way from toe to heel.
    fn upper(&self, t: f32) -> Point {
        let raised = (t - 0.35).max(0.0) / 0.65;
        let x = self.toe + t * (self.heel - self.toe);
        (x, self.ground - self.thickness - self.lift * raised)
    }

    fn paint(&self, canvas: &mut Canvas, pose: &Pose, fabric: &Fabric) {
        let (front, bend, back) = (self.upper(0.0), self.upper(0.4), self.upper(1.0));
        let t = self.thickness;
        fabric.paint(
            canvas,
            &pose.fill(&[
                front,
                bend,
                back,
                (back.0, back.1 + t),
                (bend.0, bend.1 + t),
                (front.0 + 0.8, front.1 + t),
            ]),
        );
        if self.lift > 1.0 {
            let width = 4.5 - 0.35 * self.lift;
            fabric.paint(
                canvas,
                &pose.fill(&[
                    (back.0 - width, back.1 + t),
                    (back.0, back.1 + t),
                    (back.0 - 0.2, self.ground),
                    (back.0 - 0.8 * width, self.ground),
                ]),
            );
        }
    }
}

/// The upper of a closed shoe: toe height, instep, and a shaft that ends at `opening`.
struct Upper {
    toe_height: f32,
    shaft: f32,
    opening: f32,
}

impl Upper {
    fn outline(&self, sole: &Sole) -> Vec<Point> {
        let (front, back) = (sole.upper(0.0), sole.upper(1.0));
        let instep = sole.upper(0.45);
        let top = sole.ground - sole.thickness - self.shaft;
        let bend = (
            back.0 - self.opening,
            sole.ground - sole.thickness - 0.75 * self.shaft,
        );
        vec![
            (front.0, front.1 + 0.4),
            (front.0 + 0.3, front.1 - 0.7 * self.toe_height),
            (front.0 + 2.5, front.1 - self.toe_height),
            (instep.0, instep.1 - self.toe_height - 0.18 * self.shaft),
            bend,
            (back.0 - self.opening + 0.6, top),
            (back.0 - 0.3, top - 0.2),
            (back.0, 0.5 * (top + back.1)),
            (back.0, back.1 + 0.4),
        ]
    }
}

pub(super) fn sandal(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let lift = if chance(rng, 0.5) {
        between(rng, 0.0, 1.5)
    } else {
        between(rng, 2.0, 7.0)
    };
    let thickness = between(rng, 0.9, 2.2);
    let sole = Sole::draw(rng, thickness, lift);
    sole.paint(canvas, pose, &fabric.toned(between(rng, 0.7, 1.3)));
    let straps = 2 + between(rng, 0.0, 3.0) as usize;
    let height = between(rng, 3.0, 6.0);
    for strap in 0..straps {
        let t = 0.12 + 0.5 * (strap as f32 + between(rng, 0.0, 0.8)) / straps as f32;
        let base = sole.upper(t);
        let top = (
            base.0 + between(rng, 0.5, 4.0),
            base.1 - height * between(rng, 0.6, 1.1),
        );
        let width = between(rng, 0.9, 2.8);
        fabric.paint(canvas, &pose.band((base.0, base.1 + 0.5), top, width));
        let far = sole.upper((t + between(rng, 0.12, 0.3)).min(0.95));
        fabric.paint(canvas, &pose.band(top, far, width));
    }
    if chance(rng, 0.75) {
        let back = sole.upper(0.98);
        let rise = between(rng, 3.0, 7.5);
        let ankle = (
            back.0 - between(rng, 5.0, 8.0),
            back.1 - rise * between(rng, 0.8, 1.2),
        );
        let width = between(rng, 0.9, 2.2);
        fabric.paint(
            canvas,
            &pose.band(back, (back.0 - 0.4, back.1 - rise), width),
        );
        fabric.paint(
            canvas,
            &pose.band((back.0 - 0.4, back.1 - rise), ankle, width),
        );
    }
    if chance(rng, 0.25) {
        let upper = Upper {
            toe_height: between(rng, 1.5, 3.0),
            shaft: 3.0,
            opening: 12.0,
        };
        fabric.paint(canvas, &pose.fill(&upper.outline(&sole)));
    }
}

pub(super) fn sneaker(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let thickness = between(rng, 1.2, 2.6);
    let lift = between(rng, 0.0, 0.9);
    let sole = Sole::draw(rng, thickness, lift);
    let upper = Upper {
        toe_height: between(rng, 2.0, 3.8),
        shaft: between(rng, 5.0, 9.5),
        opening: between(rng, 7.0, 10.5),
    };
    let mask = pose.fill_smooth(&upper.outline(&sole));
    fabric.paint(canvas, &mask);
    sole.paint(canvas, pose, &fabric.toned(between(rng, 0.5, 1.9)));
    if chance(rng, 0.7) {
        // Laces, or the maker's stripes: short slanted bands on the instep.
        let factor = if chance(rng, 0.5) {
            between(rng, 0.5, 0.8)
        } else {
            between(rng, 1.2, 1.6)
        };
        for step in 0..3 {
            let base = sole.upper(0.38 + 0.1 * step as f32);
            let from = (base.0, base.1 - 0.8);
            let to = (base.0 + 1.8, base.1 - 0.6 * upper.shaft);
            canvas.dim(&pose.band(from, to, 0.8).within(&mask), factor);
        }
    }
}

pub(super) fn ankle_boot(canvas: &mut Canvas, pose: &Pose, fabric: &Fabric, rng: &mut impl Rng) {
    let lift = if chance(rng, 0.5) {
        between(rng, 0.2, 1.4)
    } else {
        between(rng, 1.4, 4.5)
    };
    let thickness = between(rng, 0.8, 2.0);
    let mut sole = Sole::draw(rng, thickness, lift);
    sole.ground += 2.5;
    let upper = Upper {
        toe_height: between(rng, 2.4, 4.4),
        shaft: between(rng, 8.0, 16.5),
        opening: between(rng, 7.0, 11.0),
    };
    let mask = pose.fill_smooth(&upper.outline(&sole));
    fabric.paint(canvas, &mask);
    sole.paint(canvas, pose, &fabric.toned(between(rng, 0.45, 1.4)));
    if chance(rng, 0.4) {
        let base = sole.upper(0.7);
        let seam = pose.band(base, (base.0, base.1 - upper.shaft), between(rng, 0.7, 1.6));
        canvas.dim(&seam.within(&mask), between(rng, 0.5, 0.9));
    }
}
