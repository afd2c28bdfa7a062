//! The cut that all tops share: body, sleeves, neckline, collar and a line down the front.

use super::canvas::{Canvas, Mask, Point};
use super::fabric::Fabric;
use super::pose::{Pose, between, symmetric};
use rand::Rng;

/// The measures of a top in garment coordinates (pixels, origin in the middle, y downwards).
pub(super) struct Top {
    pub(super) shoulder: f32,
    pub(super) chest: f32,
    pub(super) waist: f32,
    pub(super) hem: f32,
    pub(super) top: f32,
    pub(super) bottom: f32,
    pub(super) neck: f32,
    pub(super) neck_depth: f32,
    /// Length of the sleeve in pixels; none below one pixel.
    pub(super) sleeve: f32,
    pub(super) sleeve_width: f32,
    /// Sideways part of the sleeve's direction, in (0, 1).
    pub(super) spread: f32,
}

impl Top {
    /// Paints the top and returns the mask of its body.
    pub(super) fn paint(
        &self,
        canvas: &mut Canvas,
        pose: &Pose,
        fabric: &Fabric,
        rng: &mut impl Rng,
    ) -> Mask {
        if self.sleeve >= 1.0 {
            let outline = self.sleeve_outline();
            let mirrored = outline.map(|(x, y)| (-x, y));
            for side in [outline, mirrored] {
                fabric.paint(canvas, &pose.fill(&side));
            }
        }
        let middle = 0.45 * self.top + 0.55 * self.bottom;
        let body = pose.fill(&symmetric(&[
            (self.neck, self.top),
            (self.shoulder, self.top + 1.5),
            (self.chest, self.top + 6.0),
            (self.waist, middle),
            (self.hem, self.bottom),
        ]));
        // The seams between body and sleeves show as a faint shadow around the body.
        let seam = between(rng, 0.72, 1.0);
        if self.sleeve >= 1.0 {
            for side in [-1.0, 1.0] {
                let from = (side * (self.shoulder - 0.3), self.top + 1.5);
                canvas.dim(
                    &pose.band(from, (side * self.chest, self.top + 8.0), 1.0),
                    seam,
                );
            }
        }
        let neckline = pose.fill_smooth(&[
            (-self.neck, self.top - 1.0),
            (self.neck, self.top - 1.0),
            (0.55 * self.neck, self.top + 0.7 * self.neck_depth),
            (0.0, self.top + self.neck_depth),
            (-0.55 * self.neck, self.top + 0.7 * self.neck_depth),
        ]);
        let body = body.without(&neckline);
        fabric.paint(canvas, &body);
        // The back of the collar is seen through the neckline.
        let behind = pose.band(
            (-self.neck, self.top + 0.6),
            (self.neck, self.top + 0.6),
            1.2,
        );
        fabric
            .toned(between(rng, 0.3, 0.8))
            .paint(canvas, &behind.within(&neckline));
        let folds = between(rng, 0.0, 3.0) as usize;
        for _ in 0..folds {
            let x = between(rng, -0.8, 0.8) * self.waist;
            let from = (x, between(rng, self.top + 5.0, self.bottom - 5.0));
            let to = (
                x + between(rng, -1.5, 1.5),
                self.bottom - between(rng, 0.0, 3.0),
            );
            let fold = pose.band(from, to, between(rng, 0.6, 1.4)).within(&body);
            canvas.dim(&fold, between(rng, 0.7, 1.15));
        }
        body
    }

    /// The right sleeve, from the shoulder along its direction to the cuff and back to the armpit.
    fn sleeve_outline(&self) -> [Point; 5] {
        let (dx, dy) = (self.spread, (1.0 - self.spread * self.spread).sqrt());
        let start = (self.shoulder + 0.2, self.top + 1.6);
        let outer = (start.0 + dx * self.sleeve, start.1 + dy * self.sleeve);
        let inner = (
            outer.0 - dy * self.sleeve_width,
            outer.1 + dx * self.sleeve_width,
        );
        [
            (self.shoulder - 2.5, self.top + 0.8),
            start,
            outer,
            inner,
            (self.chest - 0.8, self.top + 7.2),
        ]
    }

    /// A line down the front: a placket, a zip, an open coat.
    pub(super) fn front(&self, canvas: &mut Canvas, pose: &Pose, body: &Mask, line: &FrontLine) {
        let end = self.top + line.until * (self.bottom - self.top);
        let from = (line.aside, self.top + self.neck_depth - 0.5);
        let band = pose.band(from, (line.aside, end), line.width).within(body);
        canvas.dim(&band, line.factor);
    }

    /// Two lapels or collar points beside the neck.
    pub(super) fn collar(&self, canvas: &mut Canvas, pose: &Pose, size: f32, factor: f32) {
        for side in [-1.0, 1.0] {
            let flap = pose.fill(&[
                (side * self.neck, self.top - 0.3),
                (side * (self.neck + 0.9), self.top + 0.6),
                (side * 0.9, self.top + self.neck_depth + size),
                (side * 0.2, self.top + self.neck_depth),
            ]);
            canvas.dim(&flap, factor);
        }
    }
}

/// A line down the front of a top.
pub(super) struct FrontLine {
    pub(super) width: f32,
    pub(super) factor: f32,
    /// The part of the front that it covers, 1 reaching the hem.
    pub(super) until: f32,
    pub(super) aside: f32,
}
