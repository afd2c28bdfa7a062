//! Finds a network's parameters in the layout and gives them places in a point's vector.

use std::ops::Range;

use super::network::Linear;
use super::product::tiles;
use crate::{Entry, Error, Layout};

/// The error of a part that does not fit.
pub(super) fn wrong(part: &str, expected: impl ToString, found: impl ToString) -> Error {
    Error::DenseNetwork {
        part: part.to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    }
}

/// Finds parameters in a layout and gives them places in a point's vector.
pub(super) struct Finder<'a> {
    layout: &'a Layout,
    places: Vec<Range<usize>>,
    next: usize,
}

impl<'a> Finder<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        Self {
            layout,
            places: Vec::new(),
            next: 0,
        }
    }

    /// The places in the layout of what has a place in a point's vector, in its order.
    pub(super) fn into_places(self) -> Vec<Range<usize>> {
        self.places
    }

    fn entry(&self, name: &str) -> Result<&'a Entry, Error> {
        let missing = || wrong(name, "a parameter in the layout", "no such name");
        self.layout.entry(name).ok_or_else(missing)
    }

    /// The place in the layout of a vector of known length.
    pub(super) fn vector(&self, name: &str, length: usize) -> Result<Range<usize>, Error> {
        let entry = self.entry(name)?;
        if entry.shape == [length] {
            return Ok(entry.range());
        }
        Err(wrong(
            name,
            format!("shape [{length}]"),
            format!("{:?}", entry.shape),
        ))
    }

    /// A linear layer by places in the layout.
    pub(super) fn linear(
        &self,
        weight: &str,
        bias: Option<&str>,
        width: Option<usize>,
    ) -> Result<Linear, Error> {
        let entry = self.entry(weight)?;
        let &[inputs, outputs] = entry.shape.as_slice() else {
            return Err(wrong(
                weight,
                "two dimensions",
                format!("{:?}", entry.shape),
            ));
        };
        if let Some(width) = width.filter(|&width| width != inputs) {
            return Err(wrong(weight, format!("{width} inputs"), inputs));
        }
        if inputs == 0 || outputs == 0 {
            return Err(wrong(
                weight,
                "at least 1 input and output",
                format!("{:?}", entry.shape),
            ));
        }
        let bias = bias.map(|bias| self.vector(bias, outputs)).transpose()?;
        Ok(Linear {
            inputs,
            outputs,
            weight: entry.range(),
            bias,
            floor: f32::NEG_INFINITY,
        })
    }

    /// Gives a range of the layout a place in a point's vector.
    pub(super) fn place(&mut self, range: Range<usize>) -> Range<usize> {
        let start = self.next;
        self.next += range.len();
        self.places.push(range);
        start..self.next
    }

    /// Gives a linear layer places in a point's vector, its weight tile by tile as the product takes it.
    pub(super) fn pack(&mut self, linear: Linear) -> Linear {
        let (start, from) = (self.next, linear.weight.start);
        for tile in tiles(linear.outputs) {
            for row in 0..linear.inputs {
                let row = from + row * linear.outputs;
                self.place(row + tile.start..row + tile.end);
            }
        }
        Linear {
            weight: start..self.next,
            bias: linear.bias.map(|bias| self.place(bias)),
            ..linear
        }
    }
}
