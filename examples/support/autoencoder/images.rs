//! The pictures of images: originals and reconstructions, classes, ways between codes, noise removed.

use burn::tensor::Device;
use hemline_data::{LabelledImages, TensorSet};
use hemline_models::Autoencoder;
use hemline_plot::{ColorMap, Figure, ImageGrid, PlotError, Tile};

use super::codes::{STEPS, Way};
use super::measured::{Measured, noisy_images, reconstruct};

/// How many noisy images are shown.
const NOISY: usize = 8;

/// A test set, opened, with all that is needed to show an image of it.
#[derive(Debug)]
pub(crate) struct Gallery<'a> {
    pub(crate) images: &'a LabelledImages,
    pub(crate) names: &'a [String],
    pub(crate) model: &'a Autoencoder,
    pub(crate) measured: &'a Measured,
    pub(crate) device: &'a Device,
}

impl Gallery<'_> {
    /// Four images: two of different classes, the first that there are, above what comes back.
    pub(crate) fn reconstructions(&self) -> anyhow::Result<Figure> {
        let labels = self.images.labels();
        let other = labels.iter().position(|label| *label != labels[0]);
        // A set with a single class has no other: then the last of it.
        let chosen = [0, other.unwrap_or(labels.len() - 1)];
        let (mut originals, mut reconstructions) = (Vec::new(), Vec::new());
        for index in chosen {
            originals.push(self.original(index)?.caption(self.name(index)));
            let caption = format!("error {:.4}", self.measured.test.errors[index]);
            reconstructions.push(self.tile(&self.reconstruction(index)?)?.caption(&caption));
        }
        let grid = ImageGrid::new("Two test images and their reconstructions")
            .row("original", originals)
            .row("reconstruction", reconstructions);
        Ok(Figure::new(grid).size(560.0, 560.0))
    }

    /// One image of each class, the one with the median error, with what comes back and where it
    /// differs.
    pub(crate) fn by_class(&self) -> anyhow::Result<Figure> {
        let errors = &self.measured.test.errors;
        let (mut originals, mut reconstructions, mut differences) = (vec![], vec![], vec![]);
        for class in 0..self.images.classes() {
            let labels = self.images.labels().iter().enumerate();
            let of_class = labels.filter(|&(_, &label)| label as usize == class);
            let mut members: Vec<usize> = of_class.map(|(index, _)| index).collect();
            members.sort_by(|&a, &b| errors[a].total_cmp(&errors[b]));
            let Some(&index) = members.get(members.len() / 2) else {
                continue;
            };
            let (original, reconstruction) = (self.pixels(index)?, self.reconstruction(index)?);
            let difference: Vec<f32> = original
                .iter()
                .zip(&reconstruction)
                .map(|(original, reconstruction)| reconstruction - original)
                .collect();
            let (height, width) = self.size();
            let map = ColorMap::BlueWhiteRed;
            originals.push(self.original(index)?.caption(self.name(index)));
            reconstructions.push(self.tile(&reconstruction)?);
            differences.push(
                Tile::mapped(width, height, &difference, (-0.5, 0.5), map)?
                    .caption(&format!("{:.4}", errors[index])),
            );
        }
        let columns = originals.len() as f64;
        let grid = ImageGrid::new("The test image of median error of each class")
            .row("original", originals)
            .row("reconstruction", reconstructions)
            .row("difference, error", differences);
        Ok(Figure::new(grid).size(160.0 + 96.0 * columns, 400.0))
    }

    /// Ways between pairs of images: through their codes, and by mixing the images themselves.
    pub(crate) fn interpolation(&self, ways: &[Way]) -> anyhow::Result<Figure> {
        let mut grid =
            ImageGrid::new("From one test image to another: mixing codes, and mixing images");
        for Way {
            ends: [from, to],
            decoded,
            mixed,
        } in ways
        {
            let decoded = decoded.iter().map(|image| self.tile(image));
            let mixed = mixed.iter().enumerate().map(|(step, image)| {
                let caption = self.step(step, *from, *to);
                Ok(self.tile(image)?.caption(&caption))
            });
            grid = grid
                .row("codes", decoded.collect::<Result<_, _>>()?)
                .row("images", mixed.collect::<Result<_, PlotError>>()?);
        }
        Ok(Figure::new(grid).size(820.0, 60.0 + 200.0 * ways.len() as f64))
    }

    /// Noisy images, what the net makes of them, and what it should have made.
    pub(crate) fn denoising(
        &self,
        test: &TensorSet,
        deviation: f64,
        seed: u64,
    ) -> anyhow::Result<Figure> {
        let noisy = noisy_images(test, NOISY, deviation, seed)?;
        let clean = reconstruct(self.model, noisy.clone(), self.device)?;
        let tiles = |pixels: &[f32]| -> Result<Vec<Tile>, PlotError> {
            let images = pixels.chunks_exact(self.model.inputs());
            images.map(|image| self.tile(image)).collect()
        };
        let count = noisy.len() / self.model.inputs();
        let originals = (0..count).map(|index| Ok(self.original(index)?.caption(self.name(index))));
        let title = format!("Test images with noise of standard deviation {deviation}");
        let grid = ImageGrid::new(title)
            .row("noisy", tiles(&noisy)?)
            .row("reconstruction", tiles(&clean)?)
            .row("original", originals.collect::<anyhow::Result<_>>()?);
        Ok(Figure::new(grid).size(980.0, 440.0))
    }

    /// What stands below an image of a way: its ends' names, and how far along those between are.
    fn step(&self, step: usize, from: usize, to: usize) -> String {
        match step {
            0 => self.name(from).to_owned(),
            last if last + 1 == STEPS => self.name(to).to_owned(),
            step => format!("{step}/{}", STEPS - 1),
        }
    }

    fn name(&self, index: usize) -> &str {
        let label = self.images.labels()[index];
        &self.names[label as usize]
    }

    fn size(&self) -> (usize, usize) {
        let images = self.images.images();
        (images.height(), images.width())
    }

    /// An image as numbers in [0, 1].
    fn pixels(&self, index: usize) -> anyhow::Result<Vec<f32>> {
        Ok(self.images.images().subset(&[index])?.to_f32())
    }

    fn original(&self, index: usize) -> anyhow::Result<Tile> {
        Ok(self.tile(&self.pixels(index)?)?)
    }

    fn reconstruction(&self, index: usize) -> anyhow::Result<Vec<f32>> {
        reconstruct(self.model, self.pixels(index)?, self.device)
    }

    fn tile(&self, pixels: &[f32]) -> Result<Tile, PlotError> {
        let (height, width) = self.size();
        Tile::gray_unit(width, height, pixels)
    }
}
