//! A series drawn as a line, with markers, a band and gaps where a value is missing.

use crate::color::Color;
use crate::dash::Dash;
use crate::error::PlotError;
use crate::extent::Extent;
use crate::frame::Frame;
use crate::geometry::Point;
use crate::layers::thinning;
use crate::legend::{LegendEntry, Symbol};
use crate::marker::Marker;
use crate::plot::Layer;
use crate::scene::Scene;
use crate::theme::Theme;

/// Opacity of a band.
const BAND_ALPHA: f64 = 0.2;

/// A line with more points than this per logical pixel is drawn thinner by half, or it would be a block.
const CROWDED: f64 = 2.0;

/// Points at which a function is evaluated: more than a figure is wide.
const SAMPLES: usize = 1_000;

/// A line through points; a NaN or infinite value, or one that its axis cannot show, is a gap.
#[derive(Clone, Debug)]
pub struct Line {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
    band: Option<(Vec<f64>, Vec<f64>)>,
    dash: Dash,
    marker: Option<Marker>,
    stepped: bool,
    color: Option<Color>,
}

impl Line {
    /// The line through (x₀, y₀), (x₁, y₁) ….
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without points; [`PlotError::LengthMismatch`] where x and y disagree.
    pub fn new(name: impl Into<String>, x: &[f64], y: &[f64]) -> Result<Self, PlotError> {
        let name = name.into();
        if x.is_empty() {
            return Err(PlotError::empty(format!("the series {name:?}")));
        }
        PlotError::check_length(format!("y of the series {name:?}"), x.len(), y.len())?;
        Ok(Self {
            name,
            x: x.to_vec(),
            y: y.to_vec(),
            band: None,
            dash: Dash::Solid,
            marker: None,
            stepped: false,
            color: None,
        })
    }

    /// The graph of `function` from `low` to `high`.
    ///
    /// # Errors
    ///
    /// [`PlotError::InvalidValue`] where the ends are not finite or not in order.
    pub fn of_function(
        name: impl Into<String>,
        (low, high): (f64, f64),
        function: impl Fn(f64) -> f64,
    ) -> Result<Self, PlotError> {
        let name = name.into();
        if !(low.is_finite() && high.is_finite() && low < high) {
            return Err(PlotError::invalid(
                format!("the range of the curve {name:?}"),
                "two finite ends, the first below the second",
                format!("{low} to {high}"),
            ));
        }
        let share = |index: usize| index as f64 / (SAMPLES - 1) as f64;
        let x: Vec<f64> = (0..SAMPLES)
            .map(|index| low * (1.0 - share(index)) + high * share(index))
            .collect();
        let y: Vec<f64> = x.iter().map(|&x| function(x)).collect();
        Self::new(name, &x, &y)
    }

    /// Shades the band from `low` to `high` behind the line: a spread or an interval.
    ///
    /// # Errors
    ///
    /// [`PlotError::LengthMismatch`] where an edge has another length than the line.
    pub fn band(mut self, low: &[f64], high: &[f64]) -> Result<Self, PlotError> {
        for (edge, values) in [("lower", low), ("upper", high)] {
            let what = format!("the {edge} edge of the band of {:?}", self.name);
            PlotError::check_length(what, self.x.len(), values.len())?;
        }
        self.band = Some((low.to_vec(), high.to_vec()));
        Ok(self)
    }

    /// Breaks the line.
    #[must_use]
    pub fn dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }

    /// Marks every point.
    #[must_use]
    pub fn marker(mut self, marker: Marker) -> Self {
        self.marker = Some(marker);
        self
    }

    /// Holds each value up to the next x, as for a best-so-far.
    #[must_use]
    pub fn stepped(mut self) -> Self {
        self.stepped = true;
        self
    }

    /// Sets the colour.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// The runs of points without a gap.
    fn runs(&self, frame: &Frame) -> Vec<Vec<Point>> {
        let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
        for (&x, &y) in self.x.iter().zip(&self.y) {
            match (frame.point(x, y), runs.last_mut()) {
                (Some(point), Some(run)) => {
                    if self.stepped
                        && let Some(&(_, before)) = run.last()
                    {
                        run.push((point.0, before));
                    }
                    run.push(point);
                }
                (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
                _ => {}
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    fn draw_band(&self, scene: &mut Scene, frame: &Frame, color: Color) {
        let Some((low, high)) = &self.band else {
            return;
        };
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        let mut fill = |upper: &mut Vec<Point>, lower: &mut Vec<Point>| {
            let there = thinning::line(std::mem::take(upper));
            let back = thinning::line(std::mem::take(lower));
            scene.polygon(
                there.into_iter().chain(back.into_iter().rev()),
                color.with_alpha(BAND_ALPHA),
            );
        };
        let area = frame.area();
        let inside = |(x, y): Point| {
            (
                x.clamp(area.left, area.right),
                y.clamp(area.top, area.bottom),
            )
        };
        for (index, &x) in self.x.iter().enumerate() {
            // The lower edge may be below what a logarithmic axis shows.
            let bottom = frame.point(x, low[index]).or_else(|| {
                low[index]
                    .is_finite()
                    .then(|| frame.x(x).map(|x| (x, area.bottom)))
                    .flatten()
            });
            match (frame.point(x, high[index]), bottom) {
                (Some(above), Some(below)) => {
                    upper.push(inside(above));
                    lower.push(inside(below));
                }
                _ => fill(&mut upper, &mut lower),
            }
        }
        fill(&mut upper, &mut lower);
    }
}

impl Layer for Line {
    fn extend(&self, x: &mut Extent, y: &mut Extent) {
        x.include(self.x.iter().copied());
        y.include(self.y.iter().copied());
        if let Some((low, high)) = &self.band {
            y.include(low.iter().chain(high).copied());
        }
    }

    fn takes_color(&self) -> bool {
        self.color.is_none()
    }

    fn legend(&self, _: &Theme, color: Color) -> Vec<LegendEntry> {
        let symbol = self.marker.map_or(Symbol::Line(self.dash), |m| {
            Symbol::MarkedLine(self.dash, m)
        });
        vec![LegendEntry {
            label: self.name.clone(),
            symbol,
            color: self.color.unwrap_or(color),
        }]
    }

    fn draw(&self, scene: &mut Scene, frame: &Frame, color: Color) {
        let color = self.color.unwrap_or(color);
        let (width, radius) = (scene.theme().line_width, scene.theme().marker_radius);
        self.draw_band(scene, frame, color);
        let runs = self.runs(frame);
        let is_crowded = self.x.len() as f64 > CROWDED * frame.area().width();
        let width = if is_crowded { width / 2.0 } else { width };
        for run in &runs {
            if let &[(x, y)] = run.as_slice() {
                // A value between two gaps has no line, so it is a dot.
                if frame.area().contains((x, y)) {
                    scene.circle((x, y), width, color);
                }
            }
            for part in frame.area().clip(&thinning::line(run.clone())) {
                scene.dashed_line(&part, color, width, self.dash);
            }
        }
        if let Some(marker) = self.marker {
            let points = self.x.iter().zip(&self.y).map(|(&x, &y)| frame.point(x, y));
            let points: Vec<_> = points
                .map(|point| point.filter(|&p| frame.area().contains(p)).map(|p| (p, 0)))
                .collect();
            for index in thinning::visible(&points) {
                if let Some((point, _)) = points[index] {
                    marker.draw(scene, point, radius, color);
                }
            }
        }
    }
}
