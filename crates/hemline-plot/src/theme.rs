//! One place for fonts, colours and paddings.

use crate::color::{Color, ColorMap, PALETTE};

/// How figures look: sizes in logical pixels.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Theme {
    /// Size of a figure's or panel's title.
    pub title_size: f64,
    /// Size of axis labels, legends and captions.
    pub label_size: f64,
    /// Size of tick labels and of numbers in cells.
    pub tick_size: f64,
    /// Background.
    pub background: Color,
    /// Titles and labels.
    pub ink: Color,
    /// Tick labels and remarks.
    pub faint_ink: Color,
    /// The frame of a plot and its ticks.
    pub frame: Color,
    /// Grid lines.
    pub grid: Color,
    /// Marks the one thing to look at.
    pub accent: Color,
    /// Colours of series and classes, in the order of use, then from the start again.
    pub palette: Vec<Color>,
    /// Colours of values.
    pub color_map: ColorMap,
    /// Width of a series' line.
    pub line_width: f64,
    /// Width of frame, ticks and grid.
    pub hairline: f64,
    /// Radius of a point.
    pub marker_radius: f64,
    /// Room between a figure's edge and what is in it.
    pub margin: f64,
    /// Room between neighbouring pieces of text, axes and panels.
    pub gap: f64,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            title_size: 15.0,
            label_size: 12.5,
            tick_size: 11.0,
            background: Color::WHITE,
            ink: Color::hex(0x1f_23_28),
            faint_ink: Color::hex(0x57_60_6a),
            frame: Color::hex(0x8c_95_9f),
            grid: Color::hex(0xe6_e9_ed),
            accent: Color::hex(0xd5_3e_00),
            palette: PALETTE.to_vec(),
            color_map: ColorMap::Viridis,
            line_width: 1.8,
            hairline: 1.0,
            marker_radius: 3.0,
            margin: 14.0,
            gap: 7.0,
        }
    }
}

impl Theme {
    /// The colour of series or class `index`; the ink where the palette is empty.
    pub fn color(&self, index: usize) -> Color {
        match self.palette.len() {
            0 => self.ink,
            length => self.palette[index % length],
        }
    }
}
