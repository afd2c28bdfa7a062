//! The space of the assignment: the net's shape, the step, the batch, the length and the penalty.

use super::{Dimension, Space};

/// The assignment's space: three to five hidden layers of 30, 40 or 50 units, a learning rate in
/// [0.001, 0.5], a minibatch of 16 to 256, a number of epochs and an L2 strength.
///
/// | name | values |
/// |---|---|
/// | `hidden_layers` | 3, 4, 5 |
/// | `units` | 30, 40, 50 |
/// | `learning_rate` | log-uniform on [0.001, 0.5] |
/// | `batch_size` | 16, 32, 64, 128, 256 |
/// | `epochs` | 6, 9, 12 |
/// | `l2` | log-uniform on [1e-4, 2e-3] |
///
/// ```
/// use hemline_train::tune::assignment_space;
///
/// let first = assignment_space().params_at(&[0.0; 6]);
/// assert_eq!(first.count("hidden_layers")?, 3);
/// assert_eq!(first.count("batch_size")?, 16);
/// # Ok::<(), hemline_train::tune::TuneError>(())
/// ```
pub fn assignment_space() -> Space {
    Space {
        dimensions: vec![
            Dimension::integer("hidden_layers", 3, 5),
            Dimension::integer_steps("units", 30, 50, 10),
            Dimension::log_uniform("learning_rate", 1e-3, 0.5),
            Dimension::categorical("batch_size", [16, 32, 64, 128, 256]),
            Dimension::integer_steps("epochs", 6, 12, 3),
            Dimension::log_uniform("l2", 1e-4, 2e-3),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constant_space_passes_its_own_checks() {
        let space = assignment_space();
        assert_eq!(Space::new(space.dimensions.clone()).unwrap(), space);
    }
}
