//! The embedded font: widths of texts, texts cut to a width, and the coverage of glyphs.
//!
//! DejaVu Sans travels inside the crate, so that a machine without fonts draws the same picture. The
//! glyphs are placed here and not by plotters 0.3.7, whose `ab_glyph` text drops the left bearing of
//! each glyph and so spaces letters unevenly.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

/// What SVG asks for: Verdana has the same widths as DejaVu Sans, where the latter is not installed.
pub(crate) const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// Half the height of capitals and digits, in em: text is centred on a line by putting its baseline
/// this far below it.
pub(crate) const HALF_CAPITAL: f64 = 0.36;

/// Distance between the baselines of a text's lines, in em.
pub(crate) const LINE_HEIGHT: f64 = 1.3;

static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| load(dejavu::sans::regular()));
static BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| load(dejavu::sans::bold()));

fn load(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the font that is part of the program is valid")
}

fn face(bold: bool) -> &'static FontRef<'static> {
    if bold { &BOLD } else { &REGULAR }
}

/// ab_glyph measures a scale from ascent to descent; people measure a font by its em.
fn scale(font: &FontRef<'static>, em: f64) -> PxScale {
    let per_em = font.units_per_em().unwrap_or(1000.0);
    PxScale::from(em as f32 * font.height_unscaled() / per_em)
}

/// The glyphs of one line of text with the baseline's start at (0, 0), and the width of the line.
fn lay_out(text: &str, em: f64, bold: bool) -> (Vec<Glyph>, f32) {
    let font = face(bold);
    let scale = scale(font, em);
    let scaled = font.as_scaled(scale);
    let mut glyphs = Vec::new();
    let (mut pen, mut previous) = (0.0_f32, None);
    for character in text.chars().filter(|character| !character.is_control()) {
        let id = font.glyph_id(character);
        if let Some(previous) = previous {
            pen += scaled.kern(previous, id);
        }
        glyphs.push(id.with_scale_and_position(scale, point(pen, 0.0)));
        pen += scaled.h_advance(id);
        previous = Some(id);
    }
    (glyphs, pen)
}

/// The width of one line of text of the size `em`.
pub(crate) fn width(text: &str, em: f64, bold: bool) -> f64 {
    f64::from(lay_out(text, em, bold).1)
}

/// Calls `put(x, y, coverage)` for every pixel of the text, with the baseline's start at (0, 0) and
/// `shift` in pixels to the right.
pub(crate) fn rasterize(
    text: &str,
    em: f64,
    bold: bool,
    shift: f64,
    mut put: impl FnMut(i32, i32, f32),
) {
    for mut glyph in lay_out(text, em, bold).0 {
        glyph.position.x += shift as f32;
        let Some(outline) = face(bold).outline_glyph(glyph) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        let (left, top) = (corner.x as i32, corner.y as i32);
        outline.draw(|x, y, coverage| put(left + x as i32, top + y as i32, coverage));
    }
}

/// `text`, or its longest beginning with "…" that is no wider than `limit`; at least the "…".
pub(crate) fn fit(text: &str, em: f64, bold: bool, limit: f64) -> String {
    if width(text, em, bold) <= limit {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let cut = |length: usize| {
        let mut beginning: String = characters[..length].iter().collect();
        beginning.truncate(beginning.trim_end().len());
        beginning + "…"
    };
    // The width grows with the number of characters, so the cut is found by bisection.
    let (mut fits, mut exceeds) = (0, characters.len());
    while exceeds - fits > 1 {
        let middle = usize::midpoint(fits, exceeds);
        if width(&cut(middle), em, bold) <= limit {
            fits = middle;
        } else {
            exceeds = middle;
        }
    }
    cut(fits)
}

/// The text broken at spaces into at most `lines` lines no wider than `limit`; the last one is cut.
pub(crate) fn wrap(text: &str, em: f64, bold: bool, limit: f64, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let mut line = word.to_owned();
        let is_last = wrapped.len() + 1 >= lines;
        while let Some(next) = words.peek() {
            let longer = format!("{line} {next}");
            if !is_last && width(&longer, em, bold) > limit {
                break;
            }
            line = longer;
            words.next();
        }
        wrapped.push(fit(&line, em, bold, limit));
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // DejaVu Sans: the advance of every digit is 1303 of 2048 units.
        assert!((width("0123", 100.0, false) - 4.0 * 100.0 * 1303.0 / 2048.0).abs() < 0.01);
        assert!(width("weight", 10.0, true) > width("weight", 10.0, false));
        assert_eq!(width("", 10.0, false), 0.0);
    }

    #[test]
    fn cut_texts_fit() {
        let text = "validation cross-entropy of every trial";
        for limit in [20.0, 60.0, 100.0, 1e9] {
            let cut = fit(text, 12.0, false, limit);
            assert!(width(&cut, 12.0, false) <= limit, "{cut}");
        }
        assert_eq!(fit(text, 12.0, false, 1e9), text);
        assert_eq!(fit("abc", 12.0, false, 0.0), "…");
    }

    #[test]
    fn wrapping_keeps_every_word_where_there_is_room() {
        let lines = wrap("one two three four", 10.0, false, 60.0, 9);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "one two three four");
        assert_eq!(wrap("one two three four", 10.0, false, 60.0, 1).len(), 1);
        assert!(wrap("", 10.0, false, 60.0, 2).is_empty());
    }

    #[test]
    fn the_font_has_what_labels_need() {
        for character in "σ²½∫√×⁻⁰¹²³⁴⁵⁶⁷⁸⁹−…≤±‖∂ληαβ".chars()
        {
            assert_ne!(face(false).glyph_id(character).0, 0, "{character}");
        }
    }
}
