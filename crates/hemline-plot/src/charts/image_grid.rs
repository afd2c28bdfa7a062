//! Small images in rows and columns, with captions and names of rows.

use crate::charts::tile::Tile;
use crate::error::PlotError;
use crate::figure::Chart;
use crate::font;
use crate::geometry::Rect;
use crate::heading;
use crate::scene::{Align, Scene, Text};
use crate::theme::Theme;

/// A row takes at most this share of the width for its name.
const MOST_FOR_NAMES: f64 = 0.22;

/// Images smaller than this, in logical pixels, are refused.
const LEAST_SIDE: f64 = 8.0;

/// Rows of images, all drawn at the same scale and without smoothing, each with its caption below.
///
/// ```
/// use hemline_plot::{Figure, ImageGrid, Tile};
///
/// let bright = [255_u8; 28 * 28];
/// let grid = ImageGrid::new("Reconstructions")
///     .row("original", vec![Tile::gray(28, 28, &bright)?.caption("Sneaker")])
///     .row("reconstruction", vec![Tile::gray_unit(28, 28, &[0.9; 784])?.caption("error 0.01")]);
/// assert!(Figure::new(grid).size(300.0, 400.0).to_svg()?.contains("Sneaker"));
/// # Ok::<(), hemline_plot::PlotError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageGrid {
    title: String,
    rows: Vec<(String, Vec<Tile>)>,
}

impl ImageGrid {
    /// An empty grid.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            rows: Vec::new(),
        }
    }

    /// Adds a row with its name; an empty name takes no room.
    #[must_use]
    pub fn row(mut self, name: impl Into<String>, tiles: Vec<Tile>) -> Self {
        self.rows.push((name.into(), tiles));
        self
    }

    /// Adds `tiles` in as many rows of `columns` as they need.
    #[must_use]
    pub fn tiles(mut self, columns: usize, tiles: Vec<Tile>) -> Self {
        let mut row = Vec::new();
        for tile in tiles {
            row.push(tile);
            if row.len() >= columns.max(1) {
                self.rows.push((String::new(), std::mem::take(&mut row)));
            }
        }
        if !row.is_empty() {
            self.rows.push((String::new(), row));
        }
        self
    }

    fn columns(&self) -> usize {
        self.rows
            .iter()
            .map(|(_, tiles)| tiles.len())
            .max()
            .unwrap_or(0)
    }

    fn names_width(&self, width: f64, theme: &Theme) -> f64 {
        let longest = self
            .rows
            .iter()
            .map(|(name, _)| font::width(name, theme.label_size, false))
            .fold(0.0, f64::max);
        if longest > 0.0 {
            longest.min(width * MOST_FOR_NAMES) + 2.0 * theme.gap
        } else {
            0.0
        }
    }

    /// Logical pixels per pixel of an image, so that every row has room.
    fn magnification(&self, width: f64, height: f64) -> f64 {
        let tiles = || self.rows.iter().flat_map(|(_, tiles)| tiles);
        let widest = tiles().map(|tile| tile.width).max().unwrap_or(1) as f64;
        let tallest: usize = self
            .rows
            .iter()
            .map(|(_, tiles)| tiles.iter().map(|tile| tile.height).max().unwrap_or(0))
            .sum();
        (width / widest).min(height / tallest.max(1) as f64)
    }
}

fn caption_height(tiles: &[Tile], theme: &Theme) -> f64 {
    let lines = tiles
        .iter()
        .map(|tile| tile.caption.len())
        .max()
        .unwrap_or(0);
    if lines == 0 {
        0.0
    } else {
        theme.gap / 2.0 + lines as f64 * theme.tick_size * font::LINE_HEIGHT
    }
}

impl Chart for ImageGrid {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, scene: &mut Scene, mut area: Rect) -> Result<(), PlotError> {
        let columns = self.columns();
        if columns == 0 {
            return Err(PlotError::empty(format!("the image grid {:?}", self.title)));
        }
        heading::draw(scene, &mut area, &self.title);
        let theme = scene.theme().clone();
        let names = self.names_width(area.width(), &theme);
        let gap = 1.5 * theme.gap;
        let step = (area.width() - names + gap) / columns as f64;
        let captions: f64 = self
            .rows
            .iter()
            .map(|(_, tiles)| caption_height(tiles, &theme))
            .sum();
        let free = area.height() - captions - gap * (self.rows.len() - 1) as f64;
        let scale = self.magnification(step - gap, free);
        let side = |tile: &Tile| (tile.width as f64 * scale, tile.height as f64 * scale);
        let smallest = self
            .rows
            .iter()
            .flat_map(|(_, tiles)| tiles)
            .map(|tile| side(tile).0);
        if smallest.fold(f64::INFINITY, f64::min) < LEAST_SIDE {
            let what = format!("the image grid {:?}", self.title);
            let (width, height) = ((step - gap).max(0.0), free.max(0.0));
            return Err(PlotError::TooSmall {
                what,
                width,
                height,
            });
        }
        let used: f64 = self
            .rows
            .iter()
            .map(|(_, tiles)| tiles.iter().map(|tile| side(tile).1).fold(0.0, f64::max))
            .sum();
        // Where the width decides the scale, the rows share the height that is left.
        let extra = ((free - used) / self.rows.len() as f64).clamp(0.0, 2.0 * gap);
        let mut top = area.top;
        for (name, tiles) in &self.rows {
            let height = tiles.iter().map(|tile| side(tile).1).fold(0.0, f64::max);
            draw_name(
                scene,
                name,
                (area.left, top + height / 2.0),
                names - 2.0 * theme.gap,
            );
            for (column, tile) in tiles.iter().enumerate() {
                let (wide, high) = side(tile);
                let middle = area.left + names + step * column as f64 + (step - gap) / 2.0;
                let place = Rect::new(middle - wide / 2.0, top, middle + wide / 2.0, top + high);
                scene.image(place, tile.width, tile.pixels.clone());
                scene.outline(place, theme.grid, theme.hairline);
                draw_caption(scene, &tile.caption, (middle, top + high), step - gap / 2.0);
            }
            top += height + caption_height(tiles, &theme) + gap + extra;
        }
        Ok(())
    }
}

fn draw_name(scene: &mut Scene, name: &str, anchor: (f64, f64), width: f64) {
    // A row without a name has no room for one, not even for the "…" of a name that is too long.
    if name.is_empty() {
        return;
    }
    let (size, color) = (scene.theme().label_size, scene.theme().ink);
    scene.text(Text {
        // Half a pixel for rounding, or a name that just fits would be cut.
        content: font::fit(name, size, false, width + 0.5),
        anchor,
        align: Align::Start,
        size,
        bold: false,
        color,
        turned: false,
    });
}

fn draw_caption(scene: &mut Scene, lines: &[String], (x, top): (f64, f64), width: f64) {
    let (size, ink, faint) = (
        scene.theme().tick_size,
        scene.theme().ink,
        scene.theme().faint_ink,
    );
    let mut y = top + scene.theme().gap / 2.0 + size * font::LINE_HEIGHT / 2.0;
    for (index, line) in lines.iter().enumerate() {
        scene.text(Text {
            content: font::fit(line, size, false, width),
            anchor: (x, y),
            align: Align::Middle,
            size,
            bold: false,
            color: if index == 0 { ink } else { faint },
            turned: false,
        });
        y += size * font::LINE_HEIGHT;
    }
}
