//! What can be done with the codes: a map of them, and ways between them.

use anyhow::Context;
use burn::tensor::{Device, Tensor, TensorData};
use hemline_data::LabelledImages;
use hemline_models::Autoencoder;

use super::covariance::Covariance;
use super::pca::Pca;

/// How many images a way between two has, both ends included.
pub(crate) const STEPS: usize = 8;

/// The most ways that are shown.
const WAYS: usize = 3;

/// The codes of a set of images, on the host.
#[derive(Debug)]
pub(crate) struct Codes {
    /// Row-major, one row for each image.
    values: Vec<f32>,
    width: usize,
}

/// Codes in the plane that shows most of them.
#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
    /// The share of the codes' variance that each axis shows.
    pub(crate) shares: [f64; 2],
}

/// A straight line from one image to another.
#[derive(Debug)]
pub(crate) struct Way {
    /// The numbers of the two images in their set.
    pub(crate) ends: [usize; 2],
    /// The images that the points of the line between the codes stand for.
    pub(crate) decoded: Vec<Vec<f32>>,
    /// The points of the line between the images themselves.
    pub(crate) mixed: Vec<Vec<f32>>,
}

impl Codes {
    /// Encodes images, piece by piece.
    pub(crate) fn new(
        model: &Autoencoder,
        pieces: impl Iterator<Item = Tensor<2>>,
    ) -> anyhow::Result<Self> {
        let mut values = Vec::new();
        for piece in pieces {
            let data = model.encode(piece).try_into_data()?;
            values.extend(data.iter::<f32>());
        }
        Ok(Self {
            values,
            width: model.bottleneck(),
        })
    }

    fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.width)
    }

    fn row(&self, index: usize) -> anyhow::Result<&[f32]> {
        self.rows().nth(index).context("an image without a code")
    }

    /// The number of entries that are 0 for every image: units of the bottleneck that died.
    pub(crate) fn dead_units(&self) -> usize {
        (0..self.width)
            .filter(|&unit| self.rows().all(|row| row[unit] == 0.0))
            .count()
    }

    /// The codes along their first two principal components.
    pub(crate) fn map(&self) -> anyhow::Result<Map> {
        let pca = Pca::new(&Covariance::of_rows(&self.values, self.width), 2)?;
        let points = self.rows().map(|row| pca.project(row));
        // A code of one number has no second component.
        let (x, y) = points
            .map(|point| (point[0], point.get(1).copied().unwrap_or(0.0)))
            .unzip();
        let shares = pca.shares();
        Ok(Map {
            x,
            y,
            shares: [shares[0], shares.get(1).copied().unwrap_or(0.0)],
        })
    }

    /// Ways from the first image of a class to the first of the next: classes 0 and 1, 2 and 3, and so on.
    pub(crate) fn ways(
        &self,
        model: &Autoencoder,
        images: &LabelledImages,
        device: &Device,
    ) -> anyhow::Result<Vec<Way>> {
        let first = |class: usize| {
            let mut labels = images.labels().iter();
            labels.position(|&label| label as usize == class)
        };
        let found: Vec<usize> = (0..images.classes()).filter_map(first).collect();
        let pairs = found.as_chunks::<2>().0.iter().take(WAYS);
        pairs
            .map(|&ends| self.way(ends, model, images, device))
            .collect()
    }

    fn way(
        &self,
        ends: [usize; 2],
        model: &Autoencoder,
        images: &LabelledImages,
        device: &Device,
    ) -> anyhow::Result<Way> {
        let codes = line(self.row(ends[0])?, self.row(ends[1])?).concat();
        let codes = TensorData::new(codes, [STEPS, self.width]);
        let decoded = model.decode(Tensor::from_data(codes, device));
        let decoded: Vec<f32> = decoded.try_into_data()?.iter::<f32>().collect();
        let pixels = |index: usize| -> anyhow::Result<Vec<f32>> {
            let image = images.images().image(index);
            let image = image.context("a code without an image")?;
            Ok(image
                .iter()
                .map(|&pixel| f32::from(pixel) / 255.0)
                .collect())
        };
        Ok(Way {
            ends,
            decoded: decoded
                .chunks_exact(model.inputs())
                .map(<[f32]>::to_vec)
                .collect(),
            mixed: line(&pixels(ends[0])?, &pixels(ends[1])?),
        })
    }
}

/// The points (1 − t)a + tb for t from 0 to 1 in [`STEPS`] steps of one length.
fn line(a: &[f32], b: &[f32]) -> Vec<Vec<f32>> {
    (0..STEPS)
        .map(|step| {
            let t = step as f32 / (STEPS - 1) as f32;
            let mix = |(&a, &b): (&f32, &f32)| (1.0 - t) * a + t * b;
            a.iter().zip(b).map(mix).collect()
        })
        .collect()
}
