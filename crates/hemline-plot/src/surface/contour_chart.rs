//! A surface as a map: bands of colour between iso-lines, with paths over it.

use crate::axis::FittedAxis;
use crate::color::Color;
use crate::error::PlotError;
use crate::figure::Chart;
use crate::frame::Frame;
use crate::geometry::{Point, Rect};
use crate::heading;
use crate::legend;
use crate::number;
use crate::scene::{Align, Scene, Text};
use crate::surface::contour_labels::Labels;
use crate::surface::definition::Surface;
use crate::surface::fitted::{FittedGrid, FittedSurface, PathPoint};
use crate::surface::isolines::{self, Place, Ring};
use crate::surface::route::{self, DOT, DOT_MARGIN, END_MARK, MARGIN, MOST_DOTS, MOST_POINTS};
use crate::surface::{keys, run_color};

/// Larger grids are thinned to this many cells along each side.
const MOST_CELLS: usize = 400;

/// Lines are this strong against the colour under them, and this wide.
const LINE_ALPHA: f64 = 0.5;
const LINE_WIDTH: f64 = 0.8;

/// Gaps are drawn this much larger on each side, so that no seam shows between two of them.
const OVERLAP: f64 = 0.3;

/// A [`Surface`] as a contour map.
///
/// Levels stand at round numbers: on a logarithmic axis at multiples of powers of ten, so that there,
/// too, equally many lie in each decade. Between two levels the map has one colour, that of the middle.
/// Cells with a node that is a gap are grey.
#[derive(Clone, Debug)]
pub struct ContourChart {
    surface: Surface,
    levels: usize,
    keys: bool,
}

/// A level and, where it is labelled, what the label says.
struct Level {
    share: f64,
    label: Option<String>,
}

impl ContourChart {
    /// The map of `surface` with about 14 levels.
    pub fn new(surface: Surface) -> Self {
        Self {
            surface,
            levels: 14,
            keys: true,
        }
    }

    /// Sets about how many levels there are, at most 40.
    #[must_use]
    pub fn levels(mut self, levels: usize) -> Self {
        self.levels = levels.clamp(2, 40);
        self
    }

    /// Leaves out the legend and the colour bars, for a chart that stands beside another one which has them.
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        self.keys = false;
        self
    }

    /// The levels inside the range of the axis, ascending.
    fn choose(&self, axis: &FittedAxis) -> Vec<Level> {
        let ticks = axis.ticks(self.levels);
        let mut levels: Vec<Level> = ticks
            .major
            .iter()
            .filter_map(|tick| {
                let label = Some(number::short(tick.value));
                axis.fraction(tick.value)
                    .map(|share| Level { share, label })
            })
            .collect();
        if levels.len() + ticks.minor.len() <= 2 * self.levels {
            let minor = ticks.minor.iter().filter_map(|&value| axis.fraction(value));
            levels.extend(minor.map(|share| Level { share, label: None }));
        }
        levels.retain(|level| level.share > 0.0 && level.share < 1.0);
        // Stable, so that of a labelled level and its double the former stays.
        levels.sort_by(|a, b| a.share.total_cmp(&b.share));
        levels.dedup_by(|a, b| a.share - b.share < 1e-9);
        levels
    }
}

/// The middle of the band that the share lies in.
fn band(levels: &[Level], share: f64) -> f64 {
    let above = levels.partition_point(|level| level.share <= share);
    let low = if above == 0 {
        0.0
    } else {
        levels[above - 1].share
    };
    f64::midpoint(low, levels.get(above).map_or(1.0, |level| level.share))
}

/// Where a place of the grid lies in `area`.
fn point(grid: &FittedGrid, area: Rect, (column, row): Place) -> Point {
    let along = |nodes: &[f64], place: f64| {
        let cell = (place.floor() as usize).min(nodes.len() - 2);
        nodes[cell] + (nodes[cell + 1] - nodes[cell]) * (place - cell as f64)
    };
    let (x, y) = (along(&grid.columns, column), along(&grid.rows, row));
    (
        area.left + x * area.width(),
        area.bottom - y * area.height(),
    )
}

impl Chart for ContourChart {
    fn title(&self) -> &str {
        &self.surface.title
    }

    fn draw(&self, scene: &mut Scene, mut area: Rect) -> Result<(), PlotError> {
        let mut fitted = FittedSurface::new(&self.surface)?;
        fitted.grid = fitted.grid.thinned(MOST_CELLS);
        let theme = scene.theme().clone();
        let levels = self.choose(&fitted.height);
        let shade = |share: f64| theme.color_map.at(band(&levels, share));
        heading::draw(scene, &mut area, &self.surface.title);
        let (x, y) = (fitted.x.clone(), fitted.y.clone());
        let frame = if self.keys {
            legend::draw(scene, &mut area, &keys::legend(&self.surface, &theme));
            // The bars are as high as the map, whose height is known once the axes are drawn, and the
            // axes need the width that the bars leave: so their room is measured on a scene thrown away.
            let (mut room, span) = (area, (area.top, area.bottom));
            let mut trial = Scene::new(theme.clone());
            keys::color_bars(&mut trial, &mut room, span, &fitted, &shade);
            let frame = Frame::draw(scene, room, x, y, &self.surface.title)?.area();
            let span = (frame.top, frame.bottom);
            keys::color_bars(scene, &mut area, span, &fitted, &shade);
            frame
        } else {
            Frame::draw(scene, area, x, y, &self.surface.title)?.area()
        };
        let shares: Vec<f64> = levels.iter().map(|level| level.share).collect();
        let rings = isolines::rings(&fitted.grid, &shares)?;
        draw_bands(scene, &fitted.grid, frame, &rings, &shares, &shade);
        draw_gaps(scene, &fitted.grid, frame);
        draw_lines(scene, &fitted, frame, &rings, &levels, &shade);
        for (run, path) in fitted.paths.iter().enumerate() {
            draw_path(scene, frame, run, path, fitted.paths.len());
        }
        scene.outline(frame, theme.frame, theme.hairline);
        Ok(())
    }
}

fn draw_bands(
    scene: &mut Scene,
    grid: &FittedGrid,
    frame: Rect,
    rings: &[Ring],
    shares: &[f64],
    shade: &dyn Fn(f64) -> Color,
) {
    let last = (
        (grid.columns.len() - 1) as f64,
        (grid.rows.len() - 1) as f64,
    );
    let (left, bottom) = point(grid, frame, (0.0, 0.0));
    let (right, top) = point(grid, frame, last);
    scene.rectangle(Rect::new(left, top, right, bottom), shade(0.0));
    for ring in rings {
        let low = if ring.level == 0 {
            0.0
        } else {
            shares[ring.level - 1]
        };
        let share = if ring.above { shares[ring.level] } else { low };
        let points = ring.places.iter().map(|&place| point(grid, frame, place));
        scene.polygon(points, shade(share));
    }
}

/// Covers the cells beside gaps, those of a row that are next to each other at once.
fn draw_gaps(scene: &mut Scene, grid: &FittedGrid, frame: Rect) {
    let color = scene.theme().grid;
    let cells = grid.columns.len() - 1;
    for row in 0..grid.rows.len() - 1 {
        let mut start = None;
        for column in 0..=cells {
            let is_gap = column < cells && grid.cell(column, row).is_none();
            match (is_gap, start) {
                (true, None) => start = Some(column),
                (false, Some(first)) => {
                    let (left, bottom) = point(grid, frame, (first as f64, row as f64));
                    let (right, top) = point(grid, frame, (column as f64, row as f64 + 1.0));
                    let area = Rect::new(left, top, right, bottom).inset(-OVERLAP);
                    let inside = Rect::new(
                        area.left.max(frame.left),
                        area.top.max(frame.top),
                        area.right.min(frame.right),
                        area.bottom.min(frame.bottom),
                    );
                    scene.rectangle(inside, color);
                    start = None;
                }
                _ => {}
            }
        }
    }
}

/// Draws the iso-lines with their labels.
fn draw_lines(
    scene: &mut Scene,
    fitted: &FittedSurface,
    frame: Rect,
    rings: &[Ring],
    levels: &[Level],
    shade: &dyn Fn(f64) -> Color,
) {
    let theme = scene.theme().clone();
    let grid = &fitted.grid;
    let mut lines: Vec<Vec<Vec<Point>>> = vec![Vec::new(); levels.len()];
    for ring in rings {
        for line in ring.lines(grid) {
            let points = line.into_iter().map(|place| point(grid, frame, place));
            lines[ring.level].push(points.collect());
        }
    }
    let reach = theme.marker_radius * 2.0;
    let taken = fitted.paths.iter().flat_map(|path| {
        route::pieces(
            &route::thinned(path, MOST_POINTS),
            fitted.paths.len(),
            |point| place(frame, point),
        )
    });
    let mut labels = Labels::new(frame, taken.map(|[from, _]| (place(frame, &from), reach)));
    let inks: Vec<Color> = levels
        .iter()
        .map(|level| shade(level.share).readable_ink())
        .collect();
    for ((level, lines), &ink) in levels.iter().zip(&lines).zip(&inks) {
        if let Some(label) = &level.label {
            let text = Text {
                content: label.clone(),
                anchor: (0.0, 0.0),
                align: Align::Middle,
                size: 0.88 * theme.tick_size,
                bold: false,
                color: ink,
                turned: false,
            };
            labels.place(lines.iter().collect(), &text);
        }
    }
    for (lines, ink) in lines.iter().zip(inks) {
        for part in lines.iter().flat_map(|line| labels.spared(line)) {
            scene.line(part, ink.with_alpha(LINE_ALPHA), LINE_WIDTH);
        }
    }
    labels.draw(scene);
}

fn place(frame: Rect, at: &PathPoint) -> Point {
    (
        frame.left + at.x * frame.width(),
        frame.bottom - at.y * frame.height(),
    )
}

fn draw_path(scene: &mut Scene, frame: Rect, run: usize, path: &[Option<PathPoint>], paths: usize) {
    let theme = scene.theme().clone();
    let (width, radius) = (theme.line_width, theme.marker_radius);
    let points = route::thinned(path, MOST_POINTS);
    let at = |point: &PathPoint| place(frame, point);
    for part in points.split(Option::is_none) {
        let line = part.iter().flatten().map(at);
        scene.line(line, theme.background, width + 2.0 * MARGIN);
    }
    for [from, to] in route::pieces(&points, paths, at) {
        let color = run_color::at(run, from.toward(&to, 0.5).time);
        scene.line([at(&from), at(&to)], color, width);
    }
    for point in route::thinned(path, MOST_DOTS).into_iter().flatten() {
        let color = run_color::at(run, point.time);
        let margin = (DOT_MARGIN, theme.background);
        run_color::DOT_SHAPE.draw_on_margin(scene, at(&point), radius * DOT, color, margin);
    }
    for (point, marker) in route::ends(path)
        .into_iter()
        .zip([run_color::START, run_color::END])
    {
        if let Some(point) = point {
            let (color, margin) = (run_color::of_run(run), (MARGIN, theme.ink));
            marker.draw_on_margin(scene, at(&point), radius * END_MARK, color, margin);
        }
    }
}
