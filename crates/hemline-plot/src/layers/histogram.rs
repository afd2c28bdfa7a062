//! The distribution of samples as steps.

use crate::color::Color;
use crate::error::PlotError;
use crate::extent::Extent;
use crate::frame::Frame;
use crate::geometry::Point;
use crate::legend::{LegendEntry, Symbol};
use crate::plot::Layer;
use crate::scene::Scene;
use crate::theme::Theme;

/// Opacity of the bars, so that two histograms can be seen one through the other.
const FILL_ALPHA: f64 = 0.35;

/// Bins are chosen between these numbers where none is given.
const FEWEST_BINS: usize = 8;
const MOST_BINS: usize = 120;

/// The number of bins is refused beyond this.
const BINS_LIMIT: usize = 10_000;

/// A histogram with bins of equal width; NaN and infinite samples are left out.
///
/// It shows the density, count / (n · width), whose area is 1, so that it can be laid under a probability
/// density; or the counts.
#[derive(Clone, Debug)]
pub struct Histogram {
    name: String,
    low: f64,
    width: f64,
    heights: Vec<f64>,
    color: Option<Color>,
}

impl Histogram {
    /// The density of `samples` in bins by the rule of Freedman and Diaconis (1981): 2·IQR/∛n wide.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without samples; [`PlotError::NothingFinite`] where none is finite.
    pub fn new(name: impl Into<String>, samples: &[f64]) -> Result<Self, PlotError> {
        Self::build(name.into(), samples, None, None, true)
    }

    /// The density of `samples` in `bins` bins over `range`, or over all of them.
    ///
    /// Samples outside `range` are in no bin, but count in n.
    ///
    /// # Errors
    ///
    /// As [`Self::new`]; [`PlotError::InvalidValue`] for no bins, for more than 10,000, and for a range
    /// that is not finite or not in order.
    pub fn with_bins(
        name: impl Into<String>,
        samples: &[f64],
        bins: usize,
        range: Option<(f64, f64)>,
    ) -> Result<Self, PlotError> {
        Self::build(name.into(), samples, Some(bins), range, true)
    }

    /// As [`Self::with_bins`], with counts in place of the density.
    ///
    /// # Errors
    ///
    /// As [`Self::with_bins`].
    pub fn counts(
        name: impl Into<String>,
        samples: &[f64],
        bins: usize,
        range: Option<(f64, f64)>,
    ) -> Result<Self, PlotError> {
        Self::build(name.into(), samples, Some(bins), range, false)
    }

    /// Sets the colour.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    fn build(
        name: String,
        samples: &[f64],
        bins: Option<usize>,
        range: Option<(f64, f64)>,
        density: bool,
    ) -> Result<Self, PlotError> {
        if samples.is_empty() {
            return Err(PlotError::empty(format!("the list of samples of {name:?}")));
        }
        if let Some(bins) = bins.filter(|bins| !(1..=BINS_LIMIT).contains(bins)) {
            let expected = format!("1 to {BINS_LIMIT}");
            return Err(PlotError::invalid(
                format!("the bins of {name:?}"),
                expected,
                bins,
            ));
        }
        if let Some((low, high)) = range
            && !(low.is_finite() && high.is_finite() && low < high)
        {
            return Err(PlotError::invalid(
                format!("the range of the histogram {name:?}"),
                "two finite ends, the first below the second",
                format!("{low} to {high}"),
            ));
        }
        let mut finite: Vec<f64> = samples
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        finite.sort_by(f64::total_cmp);
        let ends = range.map_or_else(
            || Extent::of(finite.iter().copied()),
            |(low, high)| Extent::of([low, high]),
        );
        let Some((low, high)) = ends.range(&crate::axis::Scale::Linear, false) else {
            return Err(PlotError::NothingFinite {
                what: format!("the histogram {name:?}"),
                axis: "a linear axis".to_owned(),
            });
        };
        let bins = bins.unwrap_or_else(|| freedman_diaconis(&finite, high - low));
        let width = (high - low) / bins as f64;
        let mut counts = vec![0_u64; bins];
        for value in &finite {
            let position = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
            if (0.0..=1.0).contains(&position) {
                // The last bin holds its upper end.
                counts[((position * bins as f64) as usize).min(bins - 1)] += 1;
            }
        }
        let unit = if density {
            finite.len() as f64 * width
        } else {
            1.0
        };
        let heights = counts
            .into_iter()
            .map(|count| count as f64 / unit)
            .collect();
        Ok(Self {
            name,
            low,
            width,
            heights,
            color: None,
        })
    }
}

/// The number of bins for sorted, finite samples over `range`.
fn freedman_diaconis(sorted: &[f64], range: f64) -> usize {
    let quartile = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let width = 2.0 * (quartile(0.75) - quartile(0.25)) / (sorted.len() as f64).cbrt();
    let bins = range / width;
    if bins.is_finite() {
        (bins.ceil() as usize).clamp(FEWEST_BINS, MOST_BINS)
    } else {
        FEWEST_BINS
    }
}

impl Layer for Histogram {
    fn extend(&self, x: &mut Extent, y: &mut Extent) {
        x.include([self.low, self.low + self.width * self.heights.len() as f64]);
        y.include(self.heights.iter().copied().chain([0.0]));
    }

    fn takes_color(&self) -> bool {
        self.color.is_none()
    }

    fn legend(&self, _: &Theme, color: Color) -> Vec<LegendEntry> {
        let color = self.color.unwrap_or(color).with_alpha(0.6);
        vec![LegendEntry {
            label: self.name.clone(),
            symbol: Symbol::Swatch,
            color,
        }]
    }

    fn draw(&self, scene: &mut Scene, frame: &Frame, color: Color) {
        let color = self.color.unwrap_or(color);
        let area = frame.area();
        // A count of zero lies below a logarithmic axis.
        let height = |value: f64| frame.y(value).unwrap_or(area.bottom);
        let floor = height(0.0).clamp(area.top, area.bottom);
        let inside = |(x, y): Point| {
            (
                x.clamp(area.left, area.right),
                y.clamp(area.top, area.bottom),
            )
        };
        let mut outline = Vec::new();
        for (index, &value) in self.heights.iter().enumerate() {
            let edge = |index: usize| frame.x(self.low + self.width * index as f64);
            let (Some(left), Some(right)) = (edge(index), edge(index + 1)) else {
                continue;
            };
            let top = height(value);
            outline.extend([(left, top), (right, top)]);
        }
        if let (Some(first), Some(last)) = (outline.first(), outline.last()) {
            let ground = [inside((last.0, floor)), inside((first.0, floor))];
            let shape = outline.iter().map(|&point| inside(point)).chain(ground);
            scene.polygon(shape, color.with_alpha(FILL_ALPHA));
        }
        let width = scene.theme().line_width * 0.7;
        for part in area.clip(&outline) {
            scene.line(part, color, width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_have_the_area_one_and_counts_count() {
        let samples: Vec<f64> = (0..1000).map(|i| f64::from(i % 100) / 10.0).collect();
        let histogram = Histogram::new("h", &samples).unwrap();
        let area: f64 = histogram
            .heights
            .iter()
            .map(|height| height * histogram.width)
            .sum();
        assert!((area - 1.0).abs() < 1e-12);
        let counts =
            Histogram::counts("h", &[0.0, 1.0, 1.5, 2.0, f64::NAN], 2, Some((0.0, 2.0))).unwrap();
        assert_eq!(counts.heights, [1.0, 3.0]);
        let beyond = Histogram::with_bins("h", &[0.5, 5.0], 1, Some((0.0, 1.0))).unwrap();
        assert_eq!(beyond.heights, [0.5]);
    }

    #[test]
    fn odd_samples() {
        assert!(matches!(
            Histogram::new("h", &[]),
            Err(PlotError::Empty { .. })
        ));
        assert!(matches!(
            Histogram::new("h", &[f64::NAN]),
            Err(PlotError::NothingFinite { .. })
        ));
        assert!(Histogram::new("h", &[3.0]).is_ok());
        assert!(Histogram::new("h", &[f64::MAX, f64::MIN, 5e-324]).is_ok());
        assert!(Histogram::with_bins("h", &[1.0], 0, None).is_err());
        assert!(Histogram::with_bins("h", &[1.0], usize::MAX, None).is_err());
        assert!(Histogram::with_bins("h", &[1.0], 3, Some((1.0, f64::NAN))).is_err());
    }
}
