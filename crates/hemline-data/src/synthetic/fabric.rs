//! What a garment is made of: brightness, shading, stripes, prints and the camera's noise.

use super::canvas::{Canvas, Mask, PIXELS};
use super::pose::{between, chance};
use rand::Rng;

/// A pattern woven into or printed on the cloth.
enum Pattern {
    Plain,
    /// Bands across the direction (a, b), with a period in pixels and a depth in [0, 1].
    Stripes {
        direction: (f32, f32),
        period: f32,
        depth: f32,
    },
    /// Bands in both directions.
    Checks {
        period: f32,
        depth: f32,
    },
    /// A brighter or darker disc, as a print on the chest.
    Print {
        centre: (f32, f32),
        radius: f32,
        shade: f32,
    },
}

/// The brightness of the cloth at each point.
pub(super) struct Fabric {
    brightness: f32,
    gradient: (f32, f32),
    pattern: Pattern,
    noise: f32,
}

impl Fabric {
    /// Draws a fabric.
    pub(super) fn draw(rng: &mut impl Rng) -> Self {
        let pattern = match between(rng, 0.0, 1.0) {
            p if p < 0.55 => Pattern::Plain,
            p if p < 0.78 => {
                let (period, depth) = (between(rng, 2.5, 7.0), between(rng, 0.1, 0.6));
                let lean = between(rng, -0.15, 0.15);
                let direction = if chance(rng, 0.7) {
                    (lean, 1.0)
                } else {
                    (1.0, lean)
                };
                Pattern::Stripes {
                    direction,
                    period,
                    depth,
                }
            }
            p if p < 0.88 => Pattern::Checks {
                period: between(rng, 3.0, 6.0),
                depth: between(rng, 0.1, 0.4),
            },
            _ => Pattern::Print {
                centre: (between(rng, 10.0, 18.0), between(rng, 8.0, 18.0)),
                radius: between(rng, 1.5, 4.5),
                shade: between(rng, -0.6, 0.5),
            },
        };
        Self {
            brightness: between(rng, 0.28, 0.95),
            gradient: (between(rng, -0.012, 0.012), between(rng, -0.012, 0.012)),
            pattern,
            noise: between(rng, 0.01, 0.06),
        }
    }

    /// The same cloth, lighter or darker: a lining, a sole, a cuff.
    pub(super) fn toned(&self, factor: f32) -> Self {
        Self {
            brightness: (self.brightness * factor).clamp(0.05, 1.0),
            gradient: self.gradient,
            pattern: Pattern::Plain,
            noise: self.noise,
        }
    }

    /// The brightness at a pixel centre.
    pub(super) fn shade(&self, x: f32, y: f32) -> f32 {
        let light = 1.0 + self.gradient.0 * (x - 14.0) + self.gradient.1 * (y - 14.0);
        let pattern = match self.pattern {
            Pattern::Plain => 1.0,
            Pattern::Stripes {
                direction,
                period,
                depth,
            } => 1.0 - depth * wave((direction.0 * x + direction.1 * y) / period),
            Pattern::Checks { period, depth } => {
                1.0 - depth * 0.5 * (wave(x / period) + wave(y / period))
            }
            Pattern::Print {
                centre,
                radius,
                shade,
            } => {
                let (dx, dy) = (x - centre.0, y - centre.1);
                let inside = (radius + 0.5 - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0);
                1.0 + shade * inside
            }
        };
        self.brightness * light * pattern
    }

    /// Paints the cloth over what the mask covers.
    pub(super) fn paint(&self, canvas: &mut Canvas, mask: &Mask) {
        canvas.paint(mask, |x, y| self.shade(x, y));
    }

    /// The picture as bytes, with the camera's noise, which is stronger where there is cloth.
    pub(super) fn develop(&self, canvas: &Canvas, rng: &mut impl Rng, pixels: &mut [u8]) {
        debug_assert_eq!(pixels.len(), PIXELS);
        for (byte, &value) in pixels.iter_mut().zip(&canvas.0) {
            let value = value.clamp(0.0, 1.0);
            let spread = self.noise * if value > 0.02 { 1.0 } else { 0.12 };
            let noisy = value + spread * almost_normal(rng);
            *byte = (noisy.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        }
    }
}

/// A triangle wave of period 1 with values in [0, 1].
fn wave(phase: f32) -> f32 {
    (2.0 * (phase - phase.floor()) - 1.0).abs()
}

/// A draw with mean 0 and variance 1 from the four bytes of one word.
///
/// The sum of four uniform bytes (Irwin–Hall) is close to normal, costs one word, and needs no
/// logarithm. Its mean is 4 · 127.5 = 510 and its variance 4 · (256² − 1) / 12 = 21,845.
fn almost_normal(rng: &mut impl Rng) -> f32 {
    const DEVIATION: f32 = 147.800_54;
    let sum: u32 = rng
        .next_u32()
        .to_le_bytes()
        .iter()
        .map(|&byte| u32::from(byte))
        .sum();
    (sum as f32 - 510.0) / DEVIATION
}
