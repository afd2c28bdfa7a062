//! Numbers that begin at a cache line, so that no vector of them lies across two.

use std::ops::{Deref, DerefMut};

/// The bytes of a cache line.
const LINE: usize = 64;
/// The same in numbers.
const SLACK: usize = LINE / size_of::<f32>();

/// A fixed number of f32 from a multiple of 64 bytes on.
#[derive(Debug, Default)]
pub(super) struct Aligned {
    buffer: Vec<f32>,
    start: usize,
    length: usize,
}

impl Aligned {
    /// `length` zeros.
    pub(super) fn zeros(length: usize) -> Self {
        if length == 0 {
            return Self::default();
        }
        let buffer = vec![0.0; length + SLACK];
        // Where an allocator cannot say, alignment is given up and not the step.
        let start = buffer.as_ptr().align_offset(LINE).min(SLACK);
        Self {
            buffer,
            start,
            length,
        }
    }

    /// `values`, and zeros up to `length`.
    pub(super) fn padded(values: &[f32], length: usize) -> Self {
        let mut aligned = Self::zeros(length.max(values.len()));
        aligned[..values.len()].copy_from_slice(values);
        aligned
    }
}

/// Not derived: a copy of the buffer may begin elsewhere.
impl Clone for Aligned {
    fn clone(&self) -> Self {
        Self::padded(self, self.length)
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.buffer[self.start..self.start + self.length]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.buffer[self.start..self.start + self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_begin_at_a_line_too() {
        let first = Aligned::padded(&[1.0, 2.0], 40);
        for aligned in [first.clone(), first] {
            assert_eq!(aligned.as_ptr().align_offset(LINE), 0);
            assert_eq!(aligned.len(), 40);
            assert_eq!(aligned[..3], [1.0, 2.0, 0.0]);
        }
        assert!(Aligned::zeros(0).is_empty());
    }
}
