//! Grids of images.

use hemline_plot::*;

use super::*;

pub(crate) fn garment(seed: u64) -> Vec<u8> {
    let mut noise = Noise(seed);
    let slope = 0.2 + noise.uniform();
    (0..784)
        .map(|index| {
            let (row, column) = (f64::from(index / 28) - 13.5, f64::from(index % 28) - 13.5);
            let inside = column.abs() < 5.0 + slope * 3.0 - row * 0.15 && row.abs() < 12.0;
            if inside {
                (150.0 + 60.0 * (row * 0.7).sin() + 25.0 * noise.uniform()) as u8
            } else {
                0
            }
        })
        .collect()
}

pub(crate) fn reconstructions() -> ImageGrid {
    let blurred = |seed| {
        let image = garment(seed);
        let at = |i: usize| f32::from(image[i.min(783)]) / 255.0;
        (0..784_usize)
            .map(|i| (at(i) + at(i.saturating_sub(1)) + at(i + 1)) / 3.0)
            .collect::<Vec<f32>>()
    };
    ImageGrid::new("Two test images and their reconstructions")
        .row(
            "original",
            vec![
                Tile::gray(28, 28, &garment(1)).unwrap().caption("Pullover"),
                Tile::gray(28, 28, &garment(2)).unwrap().caption("Dress"),
            ],
        )
        .row(
            "reconstruction",
            vec![
                Tile::gray_unit(28, 28, &blurred(1))
                    .unwrap()
                    .caption("error 0.0081"),
                Tile::gray_unit(28, 28, &blurred(2))
                    .unwrap()
                    .caption("error 0.0104"),
            ],
        )
}

pub(crate) fn most_wrong() -> ImageGrid {
    let tiles = (0..12)
        .map(|i| {
            let caption = format!(
                "{}\nseen as {}\n{} %",
                CLASSES[i % 10],
                CLASSES[(i + 4) % 10],
                99 - i
            );
            Tile::gray(28, 28, &garment(i as u64 + 40))
                .unwrap()
                .inverted()
                .caption(&caption)
        })
        .collect();
    ImageGrid::new("Most confidently wrong").tiles(6, tiles)
}
