//! Where on a plane the loss is computed.

use serde::{Deserialize, Serialize};

use crate::Error;

/// The most points of a grid: more than a screen has pixels.
const MOST_POINTS: usize = 1 << 24;

/// A grid of nx × ny points: every x with every y.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Grid {
    /// The grid of the coordinates `x` and `y`, each finite and ascending. A single y makes it a line.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for no coordinate, for coordinates that do not ascend, and for more than
    /// 2²⁴ points.
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Result<Self, Error> {
        for (field, values) in [("x", &x), ("y", &y)] {
            if values.is_empty() {
                return Err(Error::config(field, "at least one coordinate", "none"));
            }
            Error::check_finite(field, values)?;
            if let Some(pair) = values.windows(2).find(|pair| pair[0] >= pair[1]) {
                let found = format!("{} before {}", pair[0], pair[1]);
                return Err(Error::config(field, "ascending", found));
            }
        }
        if x.len().saturating_mul(y.len()) > MOST_POINTS {
            let found = format!("{} × {}", x.len(), y.len());
            return Err(Error::config(
                "grid",
                format!("at most {MOST_POINTS} points"),
                found,
            ));
        }
        Ok(Self { x, y })
    }

    /// `nx` × `ny` points, evenly spaced over a rectangle that holds all `points` with a margin on each
    /// side of `margin` times their extent. Where they have no extent along one axis, that of the other is
    /// taken, or 1.
    ///
    /// ```
    /// use hemline_landscape::Grid;
    ///
    /// let grid = Grid::around([[0.0, 1.0], [10.0, 3.0]], 0.5, [5, 3])?;
    /// assert_eq!(grid.x(), [-5.0, 0.0, 5.0, 10.0, 15.0]);
    /// assert_eq!(grid.y(), [0.0, 2.0, 4.0]);
    /// # Ok::<(), hemline_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for fewer than 2 points a side or a margin that is negative or not
    /// finite, [`Error::NonFinite`] for such points, and those of [`new`](Self::new).
    pub fn around(
        points: impl IntoIterator<Item = [f64; 2]>,
        margin: f64,
        [nx, ny]: [usize; 2],
    ) -> Result<Self, Error> {
        for (field, count) in [("nx", nx), ("ny", ny)] {
            if count < 2 {
                return Err(Error::config(field, "at least 2", count));
            }
        }
        if !(margin.is_finite() && margin >= 0.0) {
            return Err(Error::config("margin", "finite and at least 0", margin));
        }
        if nx.saturating_mul(ny) > MOST_POINTS {
            let found = format!("{nx} × {ny}");
            return Err(Error::config(
                "grid",
                format!("at most {MOST_POINTS} points"),
                found,
            ));
        }
        let mut ranges = [(f64::INFINITY, f64::NEG_INFINITY); 2];
        for point in points {
            Error::check_finite("a point that the grid should hold", &point)?;
            for ((low, high), value) in ranges.iter_mut().zip(point) {
                *low = low.min(value);
                *high = high.max(value);
            }
        }
        if ranges[0].0 > ranges[0].1 {
            return Err(Error::config("points", "at least one", "none"));
        }
        let extents = ranges.map(|(low, high)| high - low);
        let widest = extents[0].max(extents[1]);
        let axis = |index: usize, count: usize| -> Vec<f64> {
            let (low, high) = ranges[index];
            let extent = match extents[index] {
                extent if extent > 0.0 => extent,
                _ if widest > 0.0 => widest,
                _ => 1.0,
            };
            let spread = margin * extent + (extent - (high - low)) / 2.0;
            spaced(low - spread, high + spread, count)
        };
        Self::new(axis(0, nx), axis(1, ny))
    }

    /// `count` points of a line, evenly spaced from `low` to `high`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for fewer than 2 points, and those of [`new`](Self::new).
    pub fn line(low: f64, high: f64, count: usize) -> Result<Self, Error> {
        if !(2..=MOST_POINTS).contains(&count) {
            return Err(Error::config(
                "count",
                format!("from 2 to {MOST_POINTS}"),
                count,
            ));
        }
        Self::new(spaced(low, high, count), vec![0.0])
    }

    /// The coordinates along x, ascending.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The coordinates along y, ascending.
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// The points of the row at `index`, in the order of x.
    pub(crate) fn row(&self, index: usize) -> Vec<[f64; 2]> {
        self.x.iter().map(|&x| [x, self.y[index]]).collect()
    }
}

fn spaced(low: f64, high: f64, count: usize) -> Vec<f64> {
    let share = |i: usize| i as f64 / (count - 1) as f64;
    // Both ends exactly, whatever rounding does between them.
    (0..count)
        .map(|i| low * (1.0 - share(i)) + high * share(i))
        .collect()
}
