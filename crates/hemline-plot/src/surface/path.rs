//! A path over a surface: where a training run went.

use crate::error::PlotError;

/// Points over the plane of a surface, in the order of time.
///
/// x, y and `time` (an iteration or an epoch) are finite. A height that is NaN or infinite is a gap in a
/// [`SurfaceChart`](crate::SurfaceChart) and a [`SurfacePage`](crate::SurfacePage).
#[derive(Clone, Debug, PartialEq)]
pub struct SurfacePath {
    pub(crate) name: String,
    pub(crate) note: String,
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
    pub(crate) height: Vec<f64>,
    pub(crate) time: Vec<f64>,
    pub(crate) columns: Vec<(String, Vec<f64>)>,
}

impl SurfacePath {
    /// The path `name` through the points (x₀, y₀, height₀), (x₁, y₁, height₁) … at the times t₀, t₁ ….
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without points; [`PlotError::LengthMismatch`] where the slices disagree;
    /// [`PlotError::InvalidValue`] where x, y or the time is not finite.
    pub fn new(
        name: impl Into<String>,
        x: &[f64],
        y: &[f64],
        height: &[f64],
        time: &[f64],
    ) -> Result<Self, PlotError> {
        let name = name.into();
        if x.is_empty() {
            return Err(PlotError::empty(format!("the path {name:?}")));
        }
        for (what, values) in [("y", y), ("height", height), ("time", time)] {
            PlotError::check_length(
                format!("{what} of the path {name:?}"),
                x.len(),
                values.len(),
            )?;
        }
        for (what, values) in [("x", x), ("y", y), ("time", time)] {
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                return Err(PlotError::invalid(
                    format!("{what}[{index}] of the path {name:?}"),
                    "a finite number",
                    values[index],
                ));
            }
        }
        Ok(Self {
            name,
            note: String::new(),
            x: x.to_vec(),
            y: y.to_vec(),
            height: height.to_vec(),
            time: time.to_vec(),
            columns: Vec::new(),
        })
    }

    /// Says in the legend what the heights are, as in "at the true loss" or "on the surface".
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Adds one more number for each point, which a [`SurfacePage`](crate::SurfacePage) shows beside it:
    /// the distance from the plane, the loss at the projection.
    ///
    /// # Errors
    ///
    /// [`PlotError::LengthMismatch`] where `values` has another length than the path.
    pub fn column(mut self, name: impl Into<String>, values: &[f64]) -> Result<Self, PlotError> {
        let column = name.into();
        let what = format!("the column {column:?} of the path {:?}", self.name);
        PlotError::check_length(what, self.x.len(), values.len())?;
        self.columns.push((column, values.to_vec()));
        Ok(self)
    }

    /// x, y, height and time of every point.
    pub fn points(&self) -> (&[f64], &[f64], &[f64], &[f64]) {
        (&self.x, &self.y, &self.height, &self.time)
    }

    /// What the legend calls it.
    pub(crate) fn label(&self) -> String {
        match (self.name.is_empty(), self.note.is_empty()) {
            (_, true) => self.name.clone(),
            (true, false) => self.note.clone(),
            (false, false) => format!("{}, {}", self.name, self.note),
        }
    }
}
