//! What the pictures of a surface say of their marks: the legend and the colour bars.

use crate::color::Color;
use crate::color_bar;
use crate::dash::Dash;
use crate::geometry::Rect;
use crate::legend::{LegendEntry, Symbol};
use crate::scene::Scene;
use crate::surface::definition::Surface;
use crate::surface::fitted::FittedSurface;
use crate::surface::run_color;
use crate::theme::Theme;

/// One entry a path, and the shapes of their ends. What all paths have to note is said once.
pub(crate) fn legend(surface: &Surface, theme: &Theme) -> Vec<LegendEntry> {
    let paths = &surface.paths;
    let shared = match paths.as_slice() {
        [first, others @ ..] if !others.is_empty() && !first.note.is_empty() => others
            .iter()
            .all(|path| path.note == first.note)
            .then_some(first.note.as_str()),
        _ => None,
    };
    let entry = |label: String, symbol: Symbol, color: Color| LegendEntry {
        label,
        symbol,
        color,
    };
    let mut entries = Vec::new();
    for (run, path) in paths.iter().enumerate() {
        let label = if shared.is_some() {
            path.name.clone()
        } else {
            path.label()
        };
        let line = Symbol::MarkedLine(Dash::Solid, run_color::DOT_SHAPE);
        entries.push(entry(label, line, run_color::of_run(run)));
    }
    let point = shared.map(|note| (note, run_color::DOT_SHAPE));
    let ends = [("start", run_color::START), ("end", run_color::END)];
    if !paths.is_empty() {
        for (label, marker) in point.into_iter().chain(ends) {
            entries.push(entry(label.to_owned(), Symbol::Marker(marker), theme.ink));
        }
    }
    entries.retain(|entry| !entry.label.is_empty());
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
    const MOST_STRIPS: usize = run_color::HUES;
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
