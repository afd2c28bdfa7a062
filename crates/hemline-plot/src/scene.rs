//! What a chart draws on: a list of marks in logical pixels, which PNG and SVG are both made from.

use crate::color::Color;
use crate::dash::{self, Dash};
use crate::font;
use crate::geometry::{Point, Rect};
use crate::theme::Theme;

/// Where a text lies in relation to its anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// The anchor is where the text starts.
    Start,
    /// The anchor is the text's middle.
    Middle,
    /// The anchor is where the text ends.
    End,
}

/// One line of text, vertically centred on its anchor.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What it says.
    pub content: String,
    /// Where it is.
    pub anchor: Point,
    /// How it lies about the anchor.
    pub align: Align,
    /// Font size, in logical pixels per em.
    pub size: f64,
    /// Bold or regular.
    pub bold: bool,
    /// Colour.
    pub color: Color,
    /// Turned by a quarter, to be read from bottom to top.
    pub turned: bool,
}

impl Text {
    /// The box of the text's capitals and their descenders.
    pub(crate) fn bounds(&self) -> Rect {
        let width = font::width(&self.content, self.size, self.bold);
        let start = match self.align {
            Align::Start => 0.0,
            Align::Middle => -width / 2.0,
            Align::End => -width,
        };
        let half = self.size * font::HALF_CAPITAL;
        let (x, y) = self.anchor;
        if self.turned {
            Rect::new(x - half, y - start - width, x + half, y - start)
        } else {
            Rect::new(x + start, y - half, x + start + width, y + half)
        }
    }
}

/// One thing that is drawn; later marks cover earlier ones.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    Line {
        points: Vec<Point>,
        color: Color,
        width: f64,
    },
    Polygon {
        points: Vec<Point>,
        color: Color,
    },
    Rectangle {
        area: Rect,
        color: Color,
    },
    Circle {
        center: Point,
        radius: f64,
        color: Color,
    },
    Text(Text),
    Image {
        area: Rect,
        columns: usize,
        pixels: Vec<[u8; 3]>,
    },
}

/// The marks of one figure, in the order in which they are drawn.
///
/// Coordinates are logical pixels, x to the right and y downwards. Marks with a coordinate that is not
/// finite, or without any size, are left out.
#[derive(Clone, Debug)]
pub struct Scene {
    theme: Theme,
    marks: Vec<Mark>,
}

fn bounded((x, y): Point) -> Option<Point> {
    (x.is_finite() && y.is_finite()).then(|| {
        (
            x.clamp(-Scene::FARTHEST, Scene::FARTHEST),
            y.clamp(-Scene::FARTHEST, Scene::FARTHEST),
        )
    })
}

fn is_near(point: Point) -> bool {
    bounded(point) == Some(point)
}

impl Scene {
    /// Coordinates beyond this many logical pixels are cut, so that they fit the backends' integers.
    pub(crate) const FARTHEST: f64 = 1e5;

    pub(crate) fn new(theme: Theme) -> Self {
        Self {
            theme,
            marks: Vec::new(),
        }
    }

    pub(crate) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// How this figure looks.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// A line through `points`.
    pub fn line(&mut self, points: impl IntoIterator<Item = Point>, color: Color, width: f64) {
        let mut points: Vec<Point> = points.into_iter().filter_map(bounded).collect();
        points.dedup();
        if points.len() > 1 && width > 0.0 {
            self.marks.push(Mark::Line {
                points,
                color,
                width,
            });
        }
    }

    /// A line through `points`, broken as `dash` says.
    pub fn dashed_line(&mut self, points: &[Point], color: Color, width: f64, dash: Dash) {
        let Some((stroke, gap)) = dash.lengths(width) else {
            return self.line(points.iter().copied(), color, width);
        };
        for part in dash::broken(points, stroke, gap) {
            self.line(part, color, width);
        }
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: impl IntoIterator<Item = Point>, color: Color) {
        let mut points: Vec<Point> = points.into_iter().filter_map(bounded).collect();
        points.dedup();
        if points.len() > 2 {
            self.marks.push(Mark::Polygon { points, color });
        }
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, area: Rect, color: Color) {
        let corners = (
            bounded((area.left, area.top)),
            bounded((area.right, area.bottom)),
        );
        if let (Some((left, top)), Some((right, bottom))) = corners
            && right > left
            && bottom > top
        {
            let area = Rect::new(left, top, right, bottom);
            self.marks.push(Mark::Rectangle { area, color });
        }
    }

    /// The outline of a rectangle.
    pub fn outline(&mut self, area: Rect, color: Color, width: f64) {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = area;
        self.line([(left, top), (right, top)], color, width);
        self.line([(left, bottom), (right, bottom)], color, width);
        self.line([(left, top), (left, bottom)], color, width);
        self.line([(right, top), (right, bottom)], color, width);
    }

    /// A filled circle.
    pub fn circle(&mut self, center: Point, radius: f64, color: Color) {
        if let Some(center) = bounded(center)
            && radius > 0.0
            && radius < Self::FARTHEST
        {
            self.marks.push(Mark::Circle {
                center,
                radius,
                color,
            });
        }
    }

    /// One line of text.
    pub fn text(&mut self, text: Text) {
        if is_near(text.anchor) && !text.content.is_empty() && text.size > 0.0 {
            self.marks.push(Mark::Text(text));
        }
    }

    /// An image of `columns` pixels per row, rows from the top, stretched over `area` without smoothing.
    ///
    /// Nothing is drawn where `pixels` does not fill whole rows.
    pub fn image(&mut self, area: Rect, columns: usize, pixels: Vec<[u8; 3]>) {
        let whole_rows = columns > 0 && !pixels.is_empty() && pixels.len().is_multiple_of(columns);
        let near = is_near((area.left, area.top)) && is_near((area.right, area.bottom));
        if whole_rows && near && area.width() > 0.0 && area.height() > 0.0 {
            self.marks.push(Mark::Image {
                area,
                columns,
                pixels,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_place_is_left_out() {
        let mut scene = Scene::new(Theme::default());
        scene.line([(0.0, 0.0), (f64::NAN, 1.0)], Color::BLACK, 1.0);
        scene.circle((0.0, f64::INFINITY), 2.0, Color::BLACK);
        scene.rectangle(Rect::new(0.0, 0.0, f64::NAN, 3.0), Color::BLACK);
        scene.image(Rect::new(0.0, 0.0, 3.0, 3.0), 2, vec![[0; 3]; 3]);
        assert!(scene.marks().is_empty());
    }
}
