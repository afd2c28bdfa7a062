//! Points coloured by class.

use crate::color::Color;
use crate::error::PlotError;
use crate::extent::Extent;
use crate::frame::Frame;
use crate::layers::thinning;
use crate::legend::{LegendEntry, Symbol};
use crate::marker::Marker;
use crate::plot::Layer;
use crate::scene::Scene;
use crate::theme::Theme;

/// A cloud of this many points is drawn opaque; a denser one is the more transparent and the finer.
const OPAQUE: f64 = 300.0;
const FAINTEST: f64 = 0.6;
const FINEST: f64 = 0.55;

/// Points in the colour and shape of their class, in the order given, so that no class hides another
/// where the order is mixed; those with a NaN or infinite coordinate are left out.
#[derive(Clone, Debug)]
pub struct ClassPoints {
    x: Vec<f64>,
    y: Vec<f64>,
    classes: Vec<usize>,
    names: Vec<String>,
}

impl ClassPoints {
    /// The points (x₀, y₀) … with the class of each, an index into `names`.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without points; [`PlotError::LengthMismatch`] where the slices disagree;
    /// [`PlotError::InvalidValue`] for a class without a name.
    pub fn new<S: AsRef<str>>(
        x: &[f64],
        y: &[f64],
        classes: &[usize],
        names: &[S],
    ) -> Result<Self, PlotError> {
        if x.is_empty() {
            return Err(PlotError::empty("the list of points"));
        }
        PlotError::check_length("y of the points", x.len(), y.len())?;
        PlotError::check_length("the classes of the points", x.len(), classes.len())?;
        if let Some((index, class)) = classes
            .iter()
            .enumerate()
            .find(|(_, class)| **class >= names.len())
        {
            let expected = format!("an index into {} names", names.len());
            return Err(PlotError::invalid(
                format!("the class of point {index}"),
                expected,
                class,
            ));
        }
        Ok(Self {
            x: x.to_vec(),
            y: y.to_vec(),
            classes: classes.to_vec(),
            names: names.iter().map(|name| name.as_ref().to_owned()).collect(),
        })
    }

    pub(crate) fn entries(&self, color: impl Fn(usize) -> Color) -> Vec<LegendEntry> {
        let entry = |(class, name): (usize, &String)| LegendEntry {
            label: name.clone(),
            symbol: Symbol::Marker(Marker::of_class(class)),
            color: color(class),
        };
        self.names.iter().enumerate().map(entry).collect()
    }

    pub(crate) fn draw_in(&self, scene: &mut Scene, frame: &Frame, color: impl Fn(usize) -> Color) {
        let crowd = (OPAQUE / self.x.len() as f64).sqrt();
        let radius = scene.theme().marker_radius * crowd.sqrt().clamp(FINEST, 1.0);
        let points: Vec<_> = self
            .x
            .iter()
            .zip(&self.y)
            .zip(&self.classes)
            .map(|((&x, &y), &class)| {
                let point = frame
                    .point(x, y)
                    .filter(|&point| frame.area().contains(point))?;
                Some((point, class))
            })
            .collect();
        for index in thinning::visible(&points) {
            if let Some((point, class)) = points[index] {
                let shade = color(class).with_alpha(crowd.clamp(FAINTEST, 0.9));
                Marker::of_class(class).draw(scene, point, radius, shade);
            }
        }
    }
}

impl Layer for ClassPoints {
    fn extend(&self, x: &mut Extent, y: &mut Extent) {
        x.include(self.x.iter().copied());
        y.include(self.y.iter().copied());
    }

    fn takes_color(&self) -> bool {
        false
    }

    fn legend(&self, theme: &Theme, _: Color) -> Vec<LegendEntry> {
        self.entries(|class| theme.color(class))
    }

    fn draw(&self, scene: &mut Scene, frame: &Frame, _: Color) {
        let theme = scene.theme().clone();
        self.draw_in(scene, frame, |class| theme.color(class));
    }
}
