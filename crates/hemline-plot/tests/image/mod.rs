//! A figure's pixels.

#![allow(dead_code, reason = "each test file uses other parts")]
#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

use hemline_plot::{Color, Figure};

pub(crate) struct Image {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: Vec<u8>,
}

impl Image {
    pub(crate) fn of(figure: &Figure) -> Self {
        let bytes = figure.to_png().unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        Self {
            width: info.width as usize,
            height: info.height as usize,
            pixels,
        }
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let start = (y * self.width + x) * 3;
        [
            self.pixels[start],
            self.pixels[start + 1],
            self.pixels[start + 2],
        ]
    }

    /// The number of pixels for which this holds.
    pub(crate) fn count(&self, holds: impl Fn([u8; 3]) -> bool) -> usize {
        let pixels = self.pixels.chunks_exact(3);
        pixels.filter(|p| holds([p[0], p[1], p[2]])).count()
    }

    /// The share of pixels of this colour.
    pub(crate) fn share(&self, color: Color) -> f64 {
        let wanted = [color.red, color.green, color.blue];
        let count = self.count(|pixel| pixel == wanted);
        count as f64 / (self.width * self.height) as f64
    }
}
