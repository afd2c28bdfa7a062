//! The library that draws the page, kept compressed in the crate.
//!
//! vendor/plotly holds `plotly-gl3d.min.js` of the npm package plotly.js-gl3d-dist-min 4.1.1 (MIT), its
//! partial bundle for three dimensions, made smaller by `gzip -9 -n`. The page holds it inflated: a
//! browser could inflate it itself, but not every one does so for a page from a folder, and a page that
//! merely starts is worth more than a megabyte.

use std::io::Read as _;

use flate2::read::GzDecoder;

use crate::error::PlotError;

const COMPRESSED: &[u8] = include_bytes!("../../../vendor/plotly/plotly-gl3d-4.1.1.min.js.gz");

/// The length of the script.
const LENGTH: u64 = 1_751_523;

/// The script.
pub(crate) fn script() -> Result<String, PlotError> {
    let mut script = String::with_capacity(LENGTH as usize);
    GzDecoder::new(COMPRESSED)
        .take(LENGTH + 1)
        .read_to_string(&mut script)
        .map_err(PlotError::backend)?;
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_whole_and_can_stand_in_a_page() {
        let script = script().unwrap();
        assert_eq!(script.len() as u64, LENGTH);
        assert!(script.starts_with("/**\n* plotly.js (gl3d - minified) v4.1.1"));
        // What would end the element, or make the browser overlook its end.
        assert!(!script.contains("</script") && !script.contains("<!--"));
    }
}
