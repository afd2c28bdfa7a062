//! What a classifier gets right on a set of examples, and how sure that figure is.

use burn::tensor::Tensor;

use crate::Error;

/// A classifier's answers on n examples of known class.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The number of classes k.
    pub classes: usize,
    /// The mean of −log ŷ\[label\], in nats, summed in f64.
    pub cross_entropy: f64,
    /// The share of examples whose most probable class is their label.
    pub accuracy: f64,
    /// The label of each example.
    pub labels: Vec<u32>,
    /// The most probable class of each example; the lowest number among equals.
    pub predictions: Vec<u32>,
    /// ŷ = softmax(logits), row-major, shape [n, k].
    pub probabilities: Vec<f32>,
}

impl Evaluation {
    /// The number of examples n.
    pub fn examples(&self) -> usize {
        self.labels.len()
    }

    /// The 95 % Wilson interval of the accuracy, for examples drawn independently.
    ///
    /// Wilson, 1927: the p with |p̂ − p| ≤ 1.96·√(p(1 − p)/n). It says how far the figure would move
    /// with another test set, not with another seed.
    pub fn accuracy_interval(&self) -> (f64, f64) {
        /// The 97.5 % point of the standard normal distribution.
        const Z: f64 = 1.959_963_984_540_054;
        let n = self.examples() as f64;
        let p = self.accuracy;
        let centre = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        ((centre - half) / scale, (centre + half) / scale)
    }

    /// The number of examples of each true class (row) given each class (column), row-major [k, k].
    pub fn confusion_matrix(&self) -> Vec<u64> {
        let mut matrix = vec![0; self.classes * self.classes];
        for (&label, &predicted) in self.labels.iter().zip(&self.predictions) {
            matrix[label as usize * self.classes + predicted as usize] += 1;
        }
        matrix
    }

    /// The wrongly classified examples, those first that the classifier was surest of, with ties in
    /// the order of the examples.
    pub fn most_confidently_wrong(&self) -> Vec<usize> {
        let confidence =
            |&i: &usize| self.probabilities[i * self.classes + self.predictions[i] as usize];
        let mut wrong: Vec<usize> = (0..self.examples())
            .filter(|&i| self.labels[i] != self.predictions[i])
            .collect();
        wrong.sort_by(|a, b| confidence(b).total_cmp(&confidence(a)));
        wrong
    }
}

/// Checks that images, shape `[n, pixels]`, have as many pixels each as a network has inputs.
pub(crate) fn check_images(images: &Tensor<2>, inputs: usize) -> Result<(), Error> {
    let [count, pixels] = images.dims();
    if pixels == inputs {
        return Ok(());
    }
    Err(Error::Shape {
        what: "the images",
        expected: format!("{inputs} pixels each"),
        found: format!("{count} images of {pixels} pixels"),
    })
}

/// The error of an evaluation on no example at all.
pub(crate) fn nothing_to_evaluate() -> Error {
    Error::Shape {
        what: "the set to evaluate",
        expected: "at least one example".to_owned(),
        found: "none".to_owned(),
    }
}

/// Logits gathered on the host, batch by batch, with their labels.
pub(crate) struct Logits {
    classes: usize,
    logits: Vec<f32>,
    labels: Vec<u32>,
}

impl Logits {
    pub(crate) fn new(classes: usize) -> Self {
        Self {
            classes,
            logits: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// Adds the logits of a batch, shape `[batch, classes]`.
    pub(crate) fn push(&mut self, logits: Tensor<2>, labels: &[u32]) -> Result<(), Error> {
        let [examples, _] = logits.dims();
        if labels.len() != examples {
            return Err(Error::Shape {
                what: "the labels",
                expected: format!("{examples}, one for each image of the batch"),
                found: labels.len().to_string(),
            });
        }
        if let Some(&label) = labels.iter().find(|&&label| label as usize >= self.classes) {
            return Err(Error::Shape {
                what: "a label",
                expected: format!("below {}, the number of classes", self.classes),
                found: label.to_string(),
            });
        }
        let data = logits.try_into_data().map_err(|error| Error::Device {
            action: "reading the logits",
            message: error.to_string(),
        })?;
        self.logits.extend(data.iter::<f32>());
        self.labels.extend_from_slice(labels);
        Ok(())
    }

    /// Everything that follows from the logits, computed in f64 and in the order of the examples,
    /// so that no device's way of adding up shows in the figures.
    pub(crate) fn evaluate(self) -> Result<Evaluation, Error> {
        let Self {
            classes,
            logits,
            labels,
        } = self;
        if labels.is_empty() {
            return Err(nothing_to_evaluate());
        }
        let mut predictions = Vec::with_capacity(labels.len());
        let mut probabilities = Vec::with_capacity(logits.len());
        let mut sum = 0.0;
        for (row, &label) in logits.chunks_exact(classes).zip(&labels) {
            let mut best = 0;
            for (class, &logit) in row.iter().enumerate() {
                if logit > row[best] {
                    best = class;
                }
            }
            let max = f64::from(row[best]);
            let total: f64 = row
                .iter()
                .map(|&logit| (f64::from(logit) - max).exp())
                .sum();
            let log_total = total.ln() + max;
            sum += log_total - f64::from(row[label as usize]);
            predictions.push(best as u32);
            probabilities.extend(row.iter().map(|&z| (f64::from(z) - log_total).exp() as f32));
        }
        let right = labels
            .iter()
            .zip(&predictions)
            .filter(|(label, given)| label == given)
            .count();
        let n = labels.len() as f64;
        Ok(Evaluation {
            classes,
            cross_entropy: sum / n,
            accuracy: right as f64 / n,
            labels,
            predictions,
            probabilities,
        })
    }
}
