//! A table of values as colours, with the numbers in the cells: confusion matrices and grids.

use crate::axis::Axis;
use crate::color::{Color, ColorMap};
use crate::color_bar;
use crate::error::PlotError;
use crate::extent::Extent;
use crate::figure::Chart;
use crate::font;
use crate::frame::Frame;
use crate::geometry::Rect;
use crate::heading;
use crate::number;
use crate::scene::{Align, Scene, Text};

/// Share of a cell's side that is left as a gap between cells.
const CELL_GAP: f64 = 0.02;

/// The colour of a cell without a value.
const MISSING: Color = Color::hex(0xe6_e9_ed);

/// Values by row and column, as colours with a colour bar; rows from the top.
///
/// Cells that are NaN or infinite are grey.
#[derive(Clone, Debug)]
pub struct HeatMap {
    title: String,
    rows: Axis,
    columns: Axis,
    /// Row by row.
    shades: Vec<f64>,
    texts: Vec<String>,
    scale: Axis,
    map: ColorMap,
}

impl HeatMap {
    /// The heat map of `values`, row by row, with one name for each row and column.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without rows or columns; [`PlotError::LengthMismatch`] where `values` does not
    /// fill them.
    pub fn new<R: AsRef<str>, C: AsRef<str>>(
        title: impl Into<String>,
        (row_label, rows): (&str, &[R]),
        (column_label, columns): (&str, &[C]),
        value_label: &str,
        values: &[f64],
    ) -> Result<Self, PlotError> {
        let title = title.into();
        if rows.is_empty() || columns.is_empty() {
            return Err(PlotError::empty(format!(
                "the table of the heat map {title:?}"
            )));
        }
        let cells = rows.len().saturating_mul(columns.len());
        PlotError::check_length(
            format!("the values of the heat map {title:?}"),
            cells,
            values.len(),
        )?;
        Ok(Self {
            title,
            rows: Axis::categories(row_label, rows.iter().map(AsRef::as_ref)).reversed(),
            columns: Axis::categories(column_label, columns.iter().map(AsRef::as_ref)),
            shades: values.to_vec(),
            texts: values.iter().map(|&value| number::short(value)).collect(),
            scale: Axis::linear(value_label).tight(),
            map: ColorMap::default(),
        })
    }

    /// A confusion matrix: `counts[true class · n + predicted class]`, for n `classes`.
    ///
    /// Cells show the counts; their colour is the share of the true class, count / Σ of the row, so that
    /// classes of different size compare.
    ///
    /// # Errors
    ///
    /// As [`Self::new`].
    pub fn confusion<S: AsRef<str>>(
        title: impl Into<String>,
        classes: &[S],
        counts: &[u64],
    ) -> Result<Self, PlotError> {
        let n = classes.len();
        PlotError::check_length(
            "the counts of the confusion matrix",
            n.saturating_mul(n),
            counts.len(),
        )?;
        let shares = |row: &[u64]| -> Vec<f64> {
            let total: f64 = row.iter().map(|&count| count as f64).sum();
            row.iter()
                .map(|&count| {
                    if total > 0.0 {
                        count as f64 / total
                    } else {
                        0.0
                    }
                })
                .collect()
        };
        let shades: Vec<f64> = counts.chunks(n.max(1)).flat_map(shares).collect();
        let mut matrix = Self::new(
            title,
            ("true class", classes),
            ("predicted class", classes),
            "",
            &shades,
        )?;
        matrix.texts = counts
            .iter()
            .map(|&count| number::short(count as f64))
            .collect();
        matrix.scale = Axis::linear("share of the true class").range(0.0, 1.0);
        matrix.map = ColorMap::Blues;
        Ok(matrix)
    }

    /// Sets the colour map.
    #[must_use]
    pub fn color_map(mut self, map: ColorMap) -> Self {
        self.map = map;
        self
    }

    /// Sets how values become colours: a linear or logarithmic axis, with its range if it shall be fixed.
    #[must_use]
    pub fn color_axis(mut self, axis: Axis) -> Self {
        self.scale = axis;
        self
    }

    fn count(&self) -> (usize, usize) {
        let length = |axis: &Axis| match &axis.scale {
            crate::axis::Scale::Categories(names) => names.len(),
            _ => 0,
        };
        (length(&self.rows), length(&self.columns))
    }
}

impl Chart for HeatMap {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, scene: &mut Scene, mut area: Rect) -> Result<(), PlotError> {
        let scale = self
            .scale
            .fit(&Extent::of(self.shades.iter().copied()), &self.title)?;
        let y = self.rows.fit(&Extent::default(), &self.title)?;
        let x = self.columns.fit(&Extent::default(), &self.title)?;
        heading::draw(scene, &mut area, &self.title);
        let theme = scene.theme().clone();
        // The colour bar is as high as the cells, whose height is known once the axes are drawn, and the
        // axes need the width that the bar leaves: so its room is measured on a scene thrown away.
        let map = |share| self.map.at(share);
        let mut room = area;
        let mut trial = Scene::new(theme.clone());
        color_bar::draw(
            &mut trial,
            &mut room,
            (area.top, area.bottom),
            &scale,
            &[&map],
        );
        let frame = Frame::draw(scene, room, x, y, &self.title)?;
        let plot = frame.area();
        color_bar::draw(scene, &mut area, (plot.top, plot.bottom), &scale, &[&map]);
        let (rows, columns) = self.count();
        let (width, height) = (plot.width() / columns as f64, plot.height() / rows as f64);
        let gap = (width.min(height) * CELL_GAP).min(1.0);
        let widest = self
            .texts
            .iter()
            .map(|text| font::width(text, theme.tick_size, false))
            .fold(0.0, f64::max);
        let numbered = widest <= 0.9 * width && theme.tick_size <= 0.9 * height;
        for (index, (&value, text)) in self.shades.iter().zip(&self.texts).enumerate() {
            let (row, column) = (index / columns, index % columns);
            let (Some(x), Some(y)) = (frame.x(column as f64), frame.y(row as f64)) else {
                continue;
            };
            let color = scale
                .fraction(value)
                .map_or(MISSING, |share| self.map.at(share));
            let cell = Rect::new(
                x - width / 2.0,
                y - height / 2.0,
                x + width / 2.0,
                y + height / 2.0,
            );
            scene.rectangle(cell.inset(gap / 2.0), color);
            if numbered {
                scene.text(Text {
                    content: text.clone(),
                    anchor: (x, y),
                    align: Align::Middle,
                    size: theme.tick_size,
                    bold: false,
                    color: color.readable_ink(),
                    turned: false,
                });
            }
        }
        Ok(())
    }
}
