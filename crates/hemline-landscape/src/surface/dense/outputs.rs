//! What a dense network makes of some examples, as its loss sees it.

/// The outputs of consecutive examples, kept output by output.
#[derive(Clone, Copy, Debug)]
pub struct Outputs<'a> {
    values: &'a [f32],
    stride: usize,
    examples: usize,
}

impl<'a> Outputs<'a> {
    /// The `values` of each output, `stride` of them, of which the first `examples` count; without a last output
    /// that has fewer.
    pub(super) fn new(values: &'a [f32], stride: usize, examples: usize) -> Self {
        let whole = values.len() / stride.max(1) * stride;
        Self {
            values: &values[..whole],
            stride,
            examples: examples.min(stride),
        }
    }

    /// The number of examples.
    pub fn examples(&self) -> usize {
        self.examples
    }

    /// The number of outputs of each.
    pub fn count(&self) -> usize {
        self.values.len() / self.stride.max(1)
    }

    /// One output of all examples, for each output in turn.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &'a [f32]> + use<'a> {
        let examples = self.examples;
        self.values
            .chunks_exact(self.stride.max(1))
            .map(move |column| &column[..examples])
    }

    /// An output of an example, if there are both.
    pub fn get(&self, example: usize, output: usize) -> Option<f32> {
        if example >= self.examples {
            return None;
        }
        // Without a division, since losses ask for every example.
        let place = output.checked_mul(self.stride)?.checked_add(example)?;
        self.values.get(place).copied()
    }
}
