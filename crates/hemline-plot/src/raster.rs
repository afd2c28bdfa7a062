//! Turns a scene into the pixels of one RGB image.
//!
//! plotters draws the edges of polygons and wide lines in steps, so the scene is drawn larger and every
//! square of `SUPERSAMPLING`² pixels is averaged into one.

use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::{Color as _, RGBAColor, ShapeStyle};

use crate::color::Color;
use crate::error::PlotError;
use crate::font;
use crate::geometry::{Point, Rect};
use crate::scene::{Align, Mark, Scene, Text};

/// Pixels drawn per pixel kept, along each side.
const SUPERSAMPLING: usize = 3;

/// Lines at least this wide, in drawn pixels, get round joints.
const ROUND_JOINTS_FROM: f64 = 3.0;

/// Draws `scene` into `columns` × `rows` pixels, with `pixel_ratio` pixels per logical pixel: three
/// bytes per pixel, rows from the top.
pub(crate) fn render(
    scene: &Scene,
    columns: usize,
    rows: usize,
    pixel_ratio: f64,
) -> Result<Vec<u8>, PlotError> {
    let (wide, high) = (columns * SUPERSAMPLING, rows * SUPERSAMPLING);
    let mut buffer = vec![0; wide * high * 3];
    {
        let backend = BitMapBackend::with_buffer(&mut buffer, (wide as u32, high as u32));
        let unit = pixel_ratio * SUPERSAMPLING as f64;
        let mut drawing = Drawing { backend, unit };
        for mark in scene.marks() {
            drawing.draw(mark)?;
        }
    }
    Ok(averaged(&buffer, columns, rows))
}

/// Averages every square of drawn pixels.
fn averaged(buffer: &[u8], columns: usize, rows: usize) -> Vec<u8> {
    const AREA: usize = SUPERSAMPLING * SUPERSAMPLING;
    let wide = columns * SUPERSAMPLING;
    let mut bytes = Vec::with_capacity(columns * rows * 3);
    for row in 0..rows {
        for column in 0..columns {
            for channel in 0..3 {
                let mut sum = AREA / 2;
                for y in 0..SUPERSAMPLING {
                    for x in 0..SUPERSAMPLING {
                        let pixel = (row * SUPERSAMPLING + y) * wide + column * SUPERSAMPLING + x;
                        sum += usize::from(buffer[pixel * 3 + channel]);
                    }
                }
                bytes.push((sum / AREA) as u8);
            }
        }
    }
    bytes
}

fn style(color: Color, stroke_width: u32) -> ShapeStyle {
    let Color {
        red,
        green,
        blue,
        alpha,
    } = color;
    ShapeStyle {
        color: RGBAColor(red, green, blue, alpha),
        filled: true,
        stroke_width,
    }
}

struct Drawing<'a> {
    backend: BitMapBackend<'a>,
    /// Drawn pixels per logical pixel.
    unit: f64,
}

impl Drawing<'_> {
    fn draw(&mut self, mark: &Mark) -> Result<(), PlotError> {
        match mark {
            Mark::Line {
                points,
                color,
                width,
            } => self.draw_line(points, *color, *width),
            Mark::Polygon { points, color } => {
                let corners: Vec<_> = points.iter().map(|&point| self.pixel(point)).collect();
                self.fill(&corners, *color)
            }
            Mark::Rectangle { area, color } => self.draw_rectangle(*area, *color),
            Mark::Circle {
                center,
                radius,
                color,
            } => self.draw_disc(self.pixel(*center), radius * self.unit, *color),
            Mark::Text(text) => self.draw_text(text),
            Mark::Image {
                area,
                columns,
                pixels,
            } => self.draw_image(*area, *columns, pixels),
        }
    }

    fn pixel(&self, (x, y): Point) -> (i32, i32) {
        (
            (x * self.unit).round() as i32,
            (y * self.unit).round() as i32,
        )
    }

    fn fill(&mut self, corners: &[(i32, i32)], color: Color) -> Result<(), PlotError> {
        self.backend
            .fill_polygon(corners.iter().copied(), &style(color, 1))
            .map_err(PlotError::backend)
    }

    fn draw_rectangle(&mut self, area: Rect, color: Color) -> Result<(), PlotError> {
        let (left, top) = self.pixel((area.left, area.top));
        let (right, bottom) = self.pixel((area.right, area.bottom));
        // Whatever is drawn stays visible, however thin.
        let corner = (right.max(left + 1), bottom.max(top + 1));
        self.backend
            .draw_rect((left, top), corner, &style(color, 1), true)
            .map_err(PlotError::backend)
    }

    fn draw_disc(
        &mut self,
        center: (i32, i32),
        radius: f64,
        color: Color,
    ) -> Result<(), PlotError> {
        self.backend
            .draw_circle(
                center,
                radius.round().max(1.0) as u32,
                &style(color, 1),
                true,
            )
            .map_err(PlotError::backend)
    }

    fn draw_line(&mut self, points: &[Point], color: Color, width: f64) -> Result<(), PlotError> {
        let width = (width * self.unit).max(1.0);
        if let &[from, to] = points
            && (from.0 == to.0 || from.1 == to.1)
        {
            return self.draw_straight(from, to, color, width);
        }
        let mut pixels: Vec<_> = points.iter().map(|&point| self.pixel(point)).collect();
        pixels.dedup();
        if color.alpha < 1.0 {
            // One path, because strokes that overlap would show their joints.
            if pixels.len() < 2 {
                return Ok(());
            }
            return self
                .backend
                .draw_path(pixels, &style(color, width.round() as u32))
                .map_err(PlotError::backend);
        }
        for pair in pixels.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let direction = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
            let half = width / 2.0 / direction.0.hypot(direction.1);
            let (dx, dy) = (-direction.1 * half, direction.0 * half);
            let corner = |(x, y): (i32, i32), side: f64| {
                let (x, y) = (f64::from(x) + side * dx, f64::from(y) + side * dy);
                (x.round() as i32, y.round() as i32)
            };
            let corners = [
                corner(from, 1.0),
                corner(to, 1.0),
                corner(to, -1.0),
                corner(from, -1.0),
            ];
            self.fill(&corners, color)?;
        }
        if width >= ROUND_JOINTS_FROM && pixels.len() > 2 {
            for &joint in &pixels[1..pixels.len() - 1] {
                self.draw_disc(joint, (width - 1.0) / 2.0, color)?;
            }
        }
        Ok(())
    }

    /// A horizontal or vertical line, put on whole pixels of the image that is kept, so that it is sharp.
    fn draw_straight(
        &mut self,
        from: Point,
        to: Point,
        color: Color,
        width: f64,
    ) -> Result<(), PlotError> {
        let step = SUPERSAMPLING as f64;
        let thick = (width / step).round().max(1.0) * step;
        let start = |middle: f64| ((middle * self.unit - thick / 2.0) / step).round() * step;
        let low = |a: f64, b: f64| (a.min(b) * self.unit).round();
        let high = |a: f64, b: f64| (a.max(b) * self.unit).round();
        let (left, top, right, bottom) = if from.1 == to.1 {
            let top = start(from.1);
            (low(from.0, to.0), top, high(from.0, to.0), top + thick)
        } else {
            let left = start(from.0);
            (left, low(from.1, to.1), left + thick, high(from.1, to.1))
        };
        self.backend
            .draw_rect(
                (left as i32, top as i32),
                (right as i32, bottom as i32),
                &style(color, 1),
                true,
            )
            .map_err(PlotError::backend)
    }

    fn draw_text(&mut self, text: &Text) -> Result<(), PlotError> {
        let em = text.size * self.unit;
        let width = font::width(&text.content, em, text.bold);
        let shift = match text.align {
            Align::Start => 0.0,
            Align::Middle => -width / 2.0,
            Align::End => -width,
        };
        let down = (font::HALF_CAPITAL * em).round() as i32;
        let (x, y) = self.pixel(text.anchor);
        let color = text.color;
        let mut result = Ok(());
        font::rasterize(&text.content, em, text.bold, shift, |dx, dy, coverage| {
            let at = if text.turned {
                (x + down + dy, y - dx)
            } else {
                (x + dx, y + down + dy)
            };
            let alpha = color.alpha * f64::from(coverage.min(1.0));
            let pixel = RGBAColor(color.red, color.green, color.blue, alpha).to_backend_color();
            if result.is_ok() {
                result = self.backend.draw_pixel(at, pixel);
            }
        });
        result.map_err(PlotError::backend)
    }

    fn draw_image(
        &mut self,
        area: Rect,
        columns: usize,
        pixels: &[[u8; 3]],
    ) -> Result<(), PlotError> {
        let rows = pixels.len() / columns;
        let edge = |start: f64, length: f64, index: usize, count: usize| {
            ((start + length * index as f64 / count as f64) * self.unit).round() as i32
        };
        for (index, &[red, green, blue]) in pixels.iter().enumerate() {
            let (row, column) = (index / columns, index % columns);
            let upper_left = (
                edge(area.left, area.width(), column, columns),
                edge(area.top, area.height(), row, rows),
            );
            let lower_right = (
                edge(area.left, area.width(), column + 1, columns),
                edge(area.top, area.height(), row + 1, rows),
            );
            let fill = style(
                Color {
                    red,
                    green,
                    blue,
                    alpha: 1.0,
                },
                1,
            );
            self.backend
                .draw_rect(upper_left, lower_right, &fill, true)
                .map_err(PlotError::backend)?;
        }
        Ok(())
    }
}
