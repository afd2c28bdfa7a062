//! Parallel coordinates: one vertical axis per dimension and one line per item, coloured by its score.

use crate::axis::{Axis, FittedAxis};
use crate::charts::parallel_axes::Dimension;
use crate::charts::parallel_layout::ParallelLayout;
use crate::color::{Color, ColorMap};
use crate::color_bar;
use crate::dash::Dash;
use crate::error::PlotError;
use crate::figure::Chart;
use crate::frame::draw_vertical_axis;
use crate::geometry::Rect;
use crate::heading;
use crate::legend::{self, LegendEntry, Symbol};
use crate::scene::Scene;
use crate::theme::Theme;
use crate::tick_layout::vertical_ticks;

/// Whether a large or a small score is the better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// As for an accuracy.
    Higher,
    /// As for a loss.
    Lower,
}

/// The worst lines of many items are this faint; few need not be.
const FAINTEST: f64 = 0.18;
const FAINTEST_OF_FEW: f64 = 0.5;

/// The worst of n items are 5 / n strong, between these two.
const FEW: f64 = 5.0;

/// The best ones but the very best are this strong.
const STRONGEST: f64 = 0.95;

/// Many items and how they scored, readable at a hundred of them: lines are curved, so that they can be
/// followed across an axis; items on one level are spread about it; the better an item, the later it is
/// drawn and the stronger its line; the best one stands out.
///
/// The last axis is the score. Items without a finite score are drawn first, in grey.
#[derive(Clone, Debug)]
pub struct ParallelCoordinates {
    title: String,
    dimensions: Vec<Dimension>,
    scores: Vec<f64>,
    score_axis: Axis,
    better: Better,
}

impl ParallelCoordinates {
    /// The chart of items with one value in each of `dimensions` and one score.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without dimensions or scores; [`PlotError::LengthMismatch`] where a dimension
    /// has another number of items than there are scores.
    pub fn new(
        title: impl Into<String>,
        dimensions: Vec<Dimension>,
        score_axis: Axis,
        scores: &[f64],
        better: Better,
    ) -> Result<Self, PlotError> {
        let title = title.into();
        if dimensions.is_empty() || scores.is_empty() {
            let what = if scores.is_empty() {
                "scores"
            } else {
                "dimensions"
            };
            return Err(PlotError::empty(format!("the list of {what} of {title:?}")));
        }
        for dimension in &dimensions {
            let what = format!("the dimension {:?}", dimension.label());
            PlotError::check_length(what, scores.len(), dimension.values().len())?;
        }
        Ok(Self {
            title,
            dimensions,
            scores: scores.to_vec(),
            score_axis,
            better,
        })
    }

    /// How good each item is, higher being better, NaN where it has no score.
    fn merit(&self, item: usize) -> f64 {
        let score = self.scores[item];
        match self.better {
            _ if !score.is_finite() => f64::NAN,
            Better::Higher => score,
            Better::Lower => -score,
        }
    }

    /// The items from the worst to the best; those without a score come first.
    fn worst_first(&self) -> Vec<usize> {
        let key = |item: usize| {
            let merit = self.merit(item);
            if merit.is_nan() {
                f64::NEG_INFINITY
            } else {
                merit
            }
        };
        let mut items: Vec<usize> = (0..self.scores.len()).collect();
        // The earlier of two equals counts as the better one.
        items.sort_by(|&a, &b| key(a).total_cmp(&key(b)).then(b.cmp(&a)));
        items
    }

    /// The colour of a score that lies this far up its axis: the darkest is the best, since light lines are
    /// hard to see on white.
    fn shade(&self, share: f64, map: ColorMap) -> Color {
        map.at(match self.better {
            Better::Higher => 1.0 - share,
            Better::Lower => share,
        })
    }

    fn legend(&self, theme: &Theme) -> Vec<LegendEntry> {
        let entry = |label: &str, color| LegendEntry {
            label: label.to_owned(),
            symbol: Symbol::Line(Dash::Solid),
            color,
        };
        let mut entries = vec![entry("best", theme.accent)];
        if self.scores.iter().any(|score| !score.is_finite()) {
            entries.push(entry("without a score", theme.frame));
        }
        entries
    }

    fn draw_lines(
        &self,
        scene: &mut Scene,
        layout: &ParallelLayout,
        dimensions: &[&Dimension],
        axes: &[FittedAxis],
    ) {
        let theme = scene.theme().clone();
        let order = self.worst_first();
        let mut ranks = vec![0; order.len()];
        for (rank, &item) in order.iter().rev().enumerate() {
            ranks[item] = rank;
        }
        let crossings: Vec<Vec<Option<f64>>> = dimensions
            .iter()
            .zip(axes)
            .map(|(dimension, axis)| dimension.crossings(axis, &ranks))
            .collect();
        let faintest = (FEW / order.len() as f64).clamp(FAINTEST, FAINTEST_OF_FEW);
        for &item in &order {
            let fractions: Vec<Option<f64>> = crossings.iter().map(|axis| axis[item]).collect();
            let points = layout.line(&fractions);
            let share = axes[axes.len() - 1].fraction(self.scores[item]);
            match share {
                None => scene.line(points, theme.frame.with_alpha(0.35), 1.0),
                Some(_) if ranks[item] == 0 => {
                    // A margin of the ground keeps it apart from the lines that it crosses.
                    scene.line(points.iter().copied(), theme.background, 5.0);
                    scene.line(points, theme.accent, 2.6);
                }
                Some(share) => {
                    let standing = (1.0 - ranks[item] as f64 / order.len() as f64).powi(3);
                    let shade = self.shade(share, theme.color_map);
                    let alpha = faintest + (STRONGEST - faintest) * standing;
                    scene.line(points, shade.with_alpha(alpha), 1.0 + 0.8 * standing);
                }
            }
        }
    }
}

impl Chart for ParallelCoordinates {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, scene: &mut Scene, mut area: Rect) -> Result<(), PlotError> {
        let theme = scene.theme().clone();
        let score = Dimension::new(self.score_axis.clone(), &self.scores)?;
        let dimensions: Vec<&Dimension> = self.dimensions.iter().chain([&score]).collect();
        let axes = dimensions
            .iter()
            .map(|dimension| dimension.fit(&self.title))
            .collect::<Result<Vec<FittedAxis>, _>>()?;
        heading::draw(scene, &mut area, &self.title);
        legend::draw(scene, &mut area, &self.legend(&theme));
        let layout = ParallelLayout::new(area, &dimensions, &axes, &theme, &self.title)?;
        self.draw_lines(scene, &layout, &dimensions, &axes);
        color_bar::draw_strip(scene, layout.strip(), |share| {
            self.shade(share, theme.color_map)
        });
        for ((axis, dimension), &x) in axes.iter().zip(&dimensions).zip(&layout.places) {
            let ticks = vertical_ticks(axis, layout.plot.height(), &theme);
            draw_vertical_axis(scene, axis, &ticks, layout.plot, x, layout.names, true);
            layout.draw_title(scene, dimension.label(), x);
        }
        Ok(())
    }
}
