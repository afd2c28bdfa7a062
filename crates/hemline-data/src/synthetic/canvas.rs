//! A small grey canvas: exact area coverage of polygons, and painting through a mask.

/// Side of the square canvas in pixels, as in Fashion-MNIST.
pub(super) const SIDE: usize = 28;
/// Pixels of the canvas.
pub(super) const PIXELS: usize = SIDE * SIDE;
/// A row of the accumulation buffer: an edge on the right border writes one cell past it.
const STRIDE: usize = SIDE + 2;

/// A point in pixels, x to the right and y downwards.
pub(super) type Point = (f32, f32);

/// Per-pixel coverage in [0, 1].
#[derive(Clone)]
pub(super) struct Mask([f32; PIXELS]);

impl Mask {
    /// The coverage of a filled polygon: in each pixel, the part of its area that lies inside.
    ///
    /// Each edge adds its signed area to the pixels it crosses and to the first pixel on its right;
    /// a running sum along each row then gives the coverage. The method is that of Raph Levien's
    /// font-rs, <https://github.com/raphlinus/font-rs>.
    pub(super) fn polygon(points: &[Point]) -> Self {
        let mut areas = [0.0_f32; STRIDE * SIDE];
        let Some(mut previous) = points.last().copied() else {
            return Self([0.0; PIXELS]);
        };
        for &point in points {
            add_edge(&mut areas, previous, point);
            previous = point;
        }
        let mut coverage = [0.0; PIXELS];
        for (row, cells) in coverage
            .chunks_exact_mut(SIDE)
            .zip(areas.chunks_exact(STRIDE))
        {
            let mut sum = 0.0_f32;
            for (cell, area) in row.iter_mut().zip(cells) {
                sum += area;
                *cell = sum.abs().min(1.0);
            }
        }
        Self(coverage)
    }

    /// The part of this mask that lies outside another.
    pub(super) fn without(mut self, other: &Self) -> Self {
        for (own, cut) in self.0.iter_mut().zip(&other.0) {
            *own *= 1.0 - cut;
        }
        self
    }

    /// The part of this mask that lies inside another.
    pub(super) fn within(mut self, other: &Self) -> Self {
        for (own, kept) in self.0.iter_mut().zip(&other.0) {
            *own *= kept;
        }
        self
    }
}

/// Grey values in [0, 1], black at first.
pub(super) struct Canvas(pub(super) [f32; PIXELS]);

impl Canvas {
    pub(super) fn new() -> Self {
        Self([0.0; PIXELS])
    }

    /// Paints `shade(x, y)`, taken at pixel centres, over what the mask covers.
    pub(super) fn paint(&mut self, mask: &Mask, shade: impl Fn(f32, f32) -> f32) {
        for (y, (row, cover)) in self
            .0
            .chunks_exact_mut(SIDE)
            .zip(mask.0.chunks_exact(SIDE))
            .enumerate()
        {
            for (x, (pixel, &cover)) in row.iter_mut().zip(cover).enumerate() {
                if cover > 0.0 {
                    let colour = shade(x as f32 + 0.5, y as f32 + 0.5);
                    *pixel += cover * (colour - *pixel);
                }
            }
        }
    }

    /// Multiplies what the mask covers by a factor: a seam, a fold, a shadow.
    pub(super) fn dim(&mut self, mask: &Mask, factor: f32) {
        for (pixel, &cover) in self.0.iter_mut().zip(&mask.0) {
            *pixel *= 1.0 + cover * (factor - 1.0);
        }
    }
}

/// Adds the signed area to the right of one edge to the cells of each row that it crosses.
fn add_edge(areas: &mut [f32; STRIDE * SIDE], from: Point, to: Point) {
    if from.1 == to.1 {
        return;
    }
    let (direction, top, bottom) = if from.1 < to.1 {
        (1.0, from, to)
    } else {
        (-1.0, to, from)
    };
    let slope = (bottom.0 - top.0) / (bottom.1 - top.1);
    let first = top.1.max(0.0);
    let last = bottom.1.min(SIDE as f32);
    let mut y = first;
    while y < last {
        let row = y as usize;
        let next = ((row + 1) as f32).min(last);
        let height = next - y;
        let x_at = |y: f32| (top.0 + (y - top.1) * slope).clamp(0.0, SIDE as f32);
        let (a, b) = (x_at(y), x_at(next));
        add_row(
            &mut areas[row * STRIDE..(row + 1) * STRIDE],
            a.min(b),
            a.max(b),
            direction * height,
        );
        y = next;
    }
}

/// Spreads the area `height` of one row's piece of an edge, which runs from `left` to `right`.
fn add_row(cells: &mut [f32], left: f32, right: f32, height: f32) {
    let first = left as usize;
    let last = right as usize;
    if first == last {
        let covered = 1.0 - (0.5 * (left + right) - first as f32);
        cells[first] += height * covered;
        cells[first + 1] += height * (1.0 - covered);
        return;
    }
    // The edge crosses several pixels: in each of them the part of the height that it passes there
    // counts with the mean distance to the pixel's right side, and fully in the pixels after it.
    let per_pixel = height / (right - left);
    for (column, cell) in (first..=last).zip(first..) {
        let start = left.max(column as f32);
        let end = right.min((column + 1) as f32);
        let passed = per_pixel * (end - start);
        let covered = 1.0 - (0.5 * (start + end) - column as f32);
        cells[cell] += passed * covered;
        cells[cell + 1] += passed * (1.0 - covered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_sums_to_the_area() {
        let triangle = Mask::polygon(&[(3.2, 4.1), (20.7, 6.3), (9.9, 25.4)]);
        let area = 0.5 * ((17.5_f32 * 21.3) - (6.7 * 2.2));
        assert!((triangle.0.iter().sum::<f32>() - area).abs() < 1e-3);
    }

    #[test]
    fn coverage_is_exact_in_a_half_covered_pixel_and_clipped_at_the_border() {
        let square = Mask::polygon(&[(-5.0, -5.0), (1.5, -5.0), (1.5, 2.25), (-5.0, 2.25)]);
        assert_eq!(&square.0[..3], &[1.0, 0.5, 0.0]);
        assert_eq!(&square.0[2 * SIDE..2 * SIDE + 3], &[0.25, 0.125, 0.0]);
        assert_eq!(square.0.iter().sum::<f32>(), 1.5 * 2.25);
    }

    #[test]
    fn direction_of_the_outline_does_not_matter() {
        let points = [(2.0, 2.0), (12.5, 3.0), (8.0, 17.25)];
        let reversed: Vec<_> = points.iter().rev().copied().collect();
        assert_eq!(Mask::polygon(&points).0, Mask::polygon(&reversed).0);
    }
}
