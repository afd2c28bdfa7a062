//! Turns a scene into one SVG document.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle, TextStyle,
};

use crate::color::Color;
use crate::error::PlotError;
use crate::font;
use crate::geometry::Point;
use crate::html;
use crate::png_image;
use crate::scene::{Align, Mark, Scene, Text};

/// plotters' coordinates are whole numbers: a tenth of a logical pixel keeps curves smooth.
const UNITS_PER_PIXEL: f64 = 10.0;

/// plotters divides the size of a font by this before it writes it.
const PLOTTERS_FONT_DIVISOR: f64 = 1.24;

/// plotters centres a text by moving its baseline down by 0.5 ex; an ex of DejaVu Sans is 0.547 em.
const PLOTTERS_CENTER: f64 = 0.5 * 0.547;

/// The document for `scene`, of the given size in logical pixels, named `title` for screen readers.
pub(crate) fn render(
    scene: &Scene,
    width: f64,
    height: f64,
    title: &str,
) -> Result<String, PlotError> {
    let mut document = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" stroke-linejoin=\"round\" \
         stroke-linecap=\"round\">\n",
        units(width),
        units(height),
        html::escape(title),
    );
    // plotters cannot place an image, so the marks between two images are one plotters drawing each.
    let mut vectors: Vec<&Mark> = Vec::new();
    for mark in scene.marks() {
        if let Mark::Image {
            area,
            columns,
            pixels,
        } = mark
        {
            draw_vectors(&std::mem::take(&mut vectors), &mut document)?;
            let png = png_image::encode(
                pixels.as_flattened(),
                *columns,
                pixels.len() / columns,
                None,
            )?;
            // Writing to a String cannot fail.
            let _ = writeln!(
                document,
                "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
                 style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{}\"/>",
                units(area.left),
                units(area.top),
                units(area.width()),
                units(area.height()),
                BASE64.encode(png),
            );
        } else {
            vectors.push(mark);
        }
    }
    draw_vectors(&vectors, &mut document)?;
    document.push_str("</svg>\n");
    Ok(document)
}

fn units(length: f64) -> i32 {
    (length * UNITS_PER_PIXEL).round() as i32
}

fn coordinate((x, y): Point) -> (i32, i32) {
    (units(x), units(y))
}

fn style(color: Color, width: f64) -> ShapeStyle {
    let Color {
        red,
        green,
        blue,
        alpha,
    } = color;
    ShapeStyle {
        color: RGBAColor(red, green, blue, alpha),
        filled: true,
        stroke_width: units(width).max(1).unsigned_abs(),
    }
}

/// Draws `marks` by plotters and appends the elements, without the root that plotters puts round them.
fn draw_vectors(marks: &[&Mark], document: &mut String) -> Result<(), PlotError> {
    if marks.is_empty() {
        return Ok(());
    }
    let mut drawing = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut drawing, (1, 1));
        for mark in marks {
            draw(&mut backend, mark)?;
        }
        backend.present().map_err(PlotError::backend)?;
    }
    let inner = drawing.split_once('\n').map_or("", |(_, rest)| rest);
    document.push_str(inner.strip_suffix("</svg>\n").unwrap_or(inner));
    Ok(())
}

fn draw(backend: &mut SVGBackend<'_>, mark: &Mark) -> Result<(), PlotError> {
    let drawn = match mark {
        Mark::Line {
            points,
            color,
            width,
        } => backend.draw_path(
            points.iter().map(|&point| coordinate(point)),
            &style(*color, *width),
        ),
        Mark::Polygon { points, color } => backend.fill_polygon(
            points.iter().map(|&point| coordinate(point)),
            &style(*color, 0.0),
        ),
        Mark::Rectangle { area, color } => backend.draw_rect(
            coordinate((area.left, area.top)),
            coordinate((area.right, area.bottom)),
            &style(*color, 0.0),
            true,
        ),
        Mark::Circle {
            center,
            radius,
            color,
        } => backend.draw_circle(
            coordinate(*center),
            units(*radius).max(1).unsigned_abs(),
            &style(*color, 0.0),
            true,
        ),
        Mark::Text(text) => return draw_text(backend, text),
        // Handled by the caller.
        Mark::Image { .. } => Ok(()),
    };
    drawn.map_err(PlotError::backend)
}

fn draw_text(backend: &mut SVGBackend<'_>, text: &Text) -> Result<(), PlotError> {
    let size = text.size * UNITS_PER_PIXEL * PLOTTERS_FONT_DIVISOR;
    let weight = if text.bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let font = FontDesc::new(FontFamily::Name(font::FAMILY), size, weight);
    let font = if text.turned {
        font.transform(FontTransform::Rotate270)
    } else {
        font
    };
    let horizontal = match text.align {
        Align::Start => HPos::Left,
        Align::Middle => HPos::Center,
        Align::End => HPos::Right,
    };
    let Color {
        red,
        green,
        blue,
        alpha,
    } = text.color;
    let color = RGBAColor(red, green, blue, alpha);
    let style = TextStyle::from(font)
        .color(&color)
        .pos(Pos::new(horizontal, VPos::Center));
    let down = (font::HALF_CAPITAL - PLOTTERS_CENTER) * text.size;
    let (x, y) = text.anchor;
    let anchor = if text.turned {
        (x + down, y)
    } else {
        (x, y + down)
    };
    let content: String = text.content.chars().filter(|c| !c.is_control()).collect();
    backend
        .draw_text(&content, &style, coordinate(anchor))
        .map_err(PlotError::backend)
}
