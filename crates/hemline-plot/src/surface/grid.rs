//! A function of two variables, measured on a grid.

use crate::error::PlotError;

/// Values z of a function of x and y at the nodes of a rectangular grid.
///
/// x (length nx) and y (length ny) ascend; z is row-major, `z[row · nx + column]` being the value at
/// (`x[column]`, `y[row]`). A node whose value is NaN or infinite is a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct SurfaceGrid {
    x: Vec<f64>,
    y: Vec<f64>,
    z: Vec<f64>,
}

impl SurfaceGrid {
    /// The grid of `x` and `y` with the values `z`.
    ///
    /// # Errors
    ///
    /// [`PlotError::InvalidValue`] with fewer than two columns or rows, or where x or y is not finite or
    /// not ascending; [`PlotError::LengthMismatch`] where z is not nx · ny long.
    pub fn new(x: &[f64], y: &[f64], z: &[f64]) -> Result<Self, PlotError> {
        check_coordinates("x", x)?;
        check_coordinates("y", y)?;
        let nodes = x.len().saturating_mul(y.len());
        PlotError::check_length("the values z of a surface grid", nodes, z.len())?;
        Ok(Self {
            x: x.to_vec(),
            y: y.to_vec(),
            z: z.to_vec(),
        })
    }

    /// The x of every column, ascending.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The y of every row, ascending.
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// The values, row by row.
    pub fn z(&self) -> &[f64] {
        &self.z
    }
}

fn check_coordinates(name: &str, values: &[f64]) -> Result<(), PlotError> {
    if values.len() < 2 {
        return Err(PlotError::invalid(
            format!("the number of {name} coordinates of a surface grid"),
            "at least 2",
            values.len(),
        ));
    }
    if let Some(index) = values.iter().position(|value| !value.is_finite()) {
        return Err(PlotError::invalid(
            format!("{name}[{index}] of a surface grid"),
            "a finite number",
            values[index],
        ));
    }
    if let Some(index) = values.windows(2).position(|pair| pair[0] >= pair[1]) {
        return Err(PlotError::invalid(
            format!("{name}[{}] of a surface grid", index + 1),
            format!("more than {name}[{index}] = {}", values[index]),
            values[index + 1],
        ));
    }
    Ok(())
}
