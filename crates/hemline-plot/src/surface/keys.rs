//! What the pictures of a surface say of their marks: the legend and the colour bars.

use crate::color::Color;
use crate::color_bar;
use crate::dash::Dash;
use crate::geometry::Rect;
use crate::legend::{LegendEntry, Symbol};
use crate::marker::Marker;
use crate::scene::Scene;
use crate::surface::definition::Surface;
use crate::surface::fitted::FittedSurface;
use crate::surface::run_color;
use crate::theme::Theme;

/// One entry a path, and the shapes of their ends.
pub(crate) fn legend(surface: &Surface, theme: &Theme) -> Vec<LegendEntry> {
    let runs = surface
        .paths
        .iter()
        .enumerate()
        .map(|(run, path)| LegendEntry {
            label: path.label(),
            symbol: Symbol::MarkedLine(Dash::Solid, Marker::Circle),
            color: run_color::of_run(run),
        });
    let mut entries: Vec<LegendEntry> = runs.filter(|entry| !entry.label.is_empty()).collect();
    if !surface.paths.is_empty() {
        for (label, marker) in [("start", run_color::START), ("end", run_color::END)] {
            entries.push(LegendEntry {
                label: label.to_owned(),
                symbol: Symbol::Marker(marker),
                color: theme.ink,
            });
        }
    }
    entries
}

/// Draws the bar of the values and, to its right, the bar of the times with a strip for each path; takes
/// their room from the right of `area`. Value colours come from `shade`.
pub(crate) fn color_bars(
    scene: &mut Scene,
    area: &mut Rect,
    span: (f64, f64),
    surface: &FittedSurface,
    shade: &dyn Fn(f64) -> Color,
) {
    /// More runs than this have no strip of their own: their hues come again.
    const MOST_STRIPS: usize = 4;
    if let Some(time) = &surface.time {
        let runs = surface.paths.len().min(MOST_STRIPS);
        let shades: Vec<_> = (0..runs)
            .map(|run| move |t| run_color::at(run, t))
            .collect();
        let strips: Vec<&dyn Fn(f64) -> Color> = shades
            .iter()
            .map(|shade| shade as &dyn Fn(f64) -> Color)
            .collect();
        color_bar::draw(scene, area, span, time, &strips);
    }
    color_bar::draw(scene, area, span, &surface.height, &[shade]);
}
