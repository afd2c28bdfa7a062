//! Encodes RGB pixels as PNG.

use crate::error::PlotError;

/// Dots per metre of a screen that shows one logical pixel per pixel: CSS counts 96 to the inch.
const DOTS_PER_METRE: f64 = 96.0 / 0.0254;

/// The PNG file of an RGB image; with a pixel ratio, programs that print know its size.
pub(crate) fn encode(
    rgb: &[u8],
    columns: usize,
    rows: usize,
    pixel_ratio: Option<f64>,
) -> Result<Vec<u8>, PlotError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, columns as u32, rows as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    if let Some(ratio) = pixel_ratio {
        let dots = (ratio * DOTS_PER_METRE).round() as u32;
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: dots,
            yppu: dots,
            unit: png::Unit::Meter,
        }));
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    writer.finish()?;
    Ok(bytes)
}
