//! The floor and the two back walls of a box seen from outside, with ticks, grid and labels.

use crate::axis::FittedAxis;
use crate::error::PlotError;
use crate::geometry::{Point, Rect};
use crate::scene::{Scene, Text};
use crate::surface::fitted::FittedSurface;
use crate::surface::projection::{Projection, View};
use crate::surface::wall_labels;
use crate::theme::Theme;
use crate::ticks::Ticks;

/// Length of a tick, in logical pixels.
pub(crate) const TICK: f64 = 4.0;

/// A box that is less wide than this on the picture is refused.
const SMALLEST: f64 = 70.0;

/// Labels are placed, and the box made smaller where they stand out, this often at most.
const MOST_ROUNDS: usize = 30;

/// A point of the box: fractions of the three axes.
pub(crate) type Corner = [f64; 3];

/// The edge of the box along which an axis is written.
pub(crate) struct Edge<'a> {
    pub(crate) axis: &'a FittedAxis,
    /// Which of the three coordinates runs along it.
    pub(crate) along: usize,
    /// Its low end.
    start: Corner,
    pub(crate) ticks: Ticks,
    /// The direction on the picture away from the box.
    pub(crate) outward: Point,
}

impl Edge<'_> {
    pub(crate) fn at(&self, share: f64) -> Corner {
        let mut point = self.start;
        point[self.along] = share;
        point
    }
}

pub(crate) fn place(projection: &Projection, [x, y, height]: Corner) -> Point {
    projection.point(x, y, height)
}

/// Draws the walls with their axes into `area`, and returns the projection that they are drawn by.
pub(crate) fn draw(
    scene: &mut Scene,
    area: Rect,
    view: View,
    surface: &FittedSurface,
    chart: &str,
) -> Result<Projection, PlotError> {
    let theme = scene.theme().clone();
    let mut inner = area;
    for _ in 0..MOST_ROUNDS {
        let projection = Projection::fill(view, inner);
        let size = projection.bounds();
        if inner.width() <= 0.0 || inner.height() <= 0.0 || size.width() < SMALLEST {
            break;
        }
        let edges = edges(&projection, surface, &theme);
        let texts = wall_labels::place_all(&projection, &edges, area, &theme);
        let over = overhang(&texts, area);
        if over.iter().all(|&length| length <= 0.0) {
            draw_planes(scene, &projection);
            for edge in &edges {
                draw_edge(scene, &projection, edge);
            }
            for text in texts {
                scene.text(text);
            }
            return Ok(projection);
        }
        // A pixel more than needed, or the last fraction of one would take many rounds.
        let [left, top, right, bottom] =
            over.map(|length| length + f64::from(u8::from(length > 0.0)));
        inner = Rect::new(
            size.left + left,
            size.top + top,
            size.right - right,
            size.bottom - bottom,
        );
    }
    Err(PlotError::TooSmall {
        what: format!("the chart {chart:?}"),
        width: inner.width().max(0.0),
        height: inner.height().max(0.0),
    })
}

/// How far texts stand out of `area`: on the left, above, on the right, below.
fn overhang(texts: &[Text], area: Rect) -> [f64; 4] {
    texts
        .iter()
        .fold([0.0; 4], |[left, top, right, bottom], text| {
            let bounds = text.bounds();
            [
                f64::max(left, area.left - bounds.left),
                f64::max(top, area.top - bounds.top),
                f64::max(right, bounds.right - area.right),
                f64::max(bottom, bounds.bottom - area.bottom),
            ]
        })
}

/// The edges in the order in which their labels are placed: height, x, y.
fn edges<'a>(projection: &Projection, surface: &'a FittedSurface, theme: &Theme) -> [Edge<'a>; 3] {
    let (back_x, back_y) = projection.back();
    let (front_x, front_y) = (1.0 - back_x, 1.0 - back_y);
    let center = projection.point(0.5, 0.5, 0.5);
    let edge = |axis: &'a FittedAxis, along: usize, start: Corner, least_apart: f64| {
        let mut end = start;
        end[along] = 1.0;
        let (from, to) = (place(projection, start), place(projection, end));
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let normal = ((to.1 - from.1) / length, (from.0 - to.0) / length);
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let outside = (middle.0 - center.0) * normal.0 + (middle.1 - center.1) * normal.1;
        let outward = if !length.is_normal() {
            (0.0, 1.0)
        } else if outside < 0.0 {
            (-normal.0, -normal.1)
        } else {
            normal
        };
        let count = (length / least_apart).clamp(2.0, 10.0) as usize;
        Edge {
            axis,
            along,
            start,
            ticks: axis.ticks(count),
            outward,
        }
    };
    // The height is written along the vertical edge at the left end of a wall.
    let sides = [[back_x, front_y, 0.0], [front_x, back_y, 0.0]];
    let [first, second] = sides.map(|corner| place(projection, corner).0);
    let left = if first <= second { sides[0] } else { sides[1] };
    [
        edge(&surface.height, 2, left, 2.6 * theme.tick_size),
        edge(&surface.x, 0, [0.0, front_y, 0.0], 3.4 * theme.tick_size),
        edge(&surface.y, 1, [front_x, 0.0, 0.0], 3.4 * theme.tick_size),
    ]
}

fn draw_planes(scene: &mut Scene, projection: &Projection) {
    let theme = scene.theme().clone();
    let (x, y) = projection.back();
    let color = theme.background.mix(theme.grid, 0.35);
    let planes: [[Corner; 4]; 3] = [
        [
            [0.0, 0.0, 0.0],
            [1.0, 0.0, 0.0],
            [1.0, 1.0, 0.0],
            [0.0, 1.0, 0.0],
        ],
        [[x, 0.0, 0.0], [x, 1.0, 0.0], [x, 1.0, 1.0], [x, 0.0, 1.0]],
        [[0.0, y, 0.0], [1.0, y, 0.0], [1.0, y, 1.0], [0.0, y, 1.0]],
    ];
    for plane in planes {
        scene.polygon(plane.map(|corner| place(projection, corner)), color);
    }
}

/// Draws the grid lines of an axis over the two planes that it runs along, and its ticks.
fn draw_edge(scene: &mut Scene, projection: &Projection, edge: &Edge<'_>) {
    let theme = scene.theme().clone();
    let (back_x, back_y) = projection.back();
    let back = [back_x, back_y, 0.0];
    let others: Vec<usize> = (0..3).filter(|&other| other != edge.along).collect();
    let fractions = |values: &mut dyn Iterator<Item = f64>| -> Vec<f64> {
        values
            .filter_map(|value| edge.axis.fraction(value))
            .collect()
    };
    let shares = fractions(&mut edge.ticks.major.iter().map(|tick| tick.value));
    for &share in &shares {
        for &other in &others {
            // Along the plane in which all coordinates but these two are at the back.
            let (mut from, mut to) = (back, back);
            (from[edge.along], to[edge.along]) = (share, share);
            (from[other], to[other]) = (0.0, 1.0);
            scene.line(
                [place(projection, from), place(projection, to)],
                theme.grid,
                theme.hairline,
            );
        }
    }
    let tick = |share: f64, length: f64| {
        let (x, y) = place(projection, edge.at(share));
        [
            (x, y),
            (x + edge.outward.0 * length, y + edge.outward.1 * length),
        ]
    };
    for share in fractions(&mut edge.ticks.minor.iter().copied()) {
        scene.line(tick(share, TICK / 2.0), theme.frame, theme.hairline);
    }
    for share in shares {
        scene.line(tick(share, TICK), theme.frame, theme.hairline);
    }
    scene.line(
        [
            place(projection, edge.at(0.0)),
            place(projection, edge.at(1.0)),
        ],
        theme.frame,
        theme.hairline,
    );
}
