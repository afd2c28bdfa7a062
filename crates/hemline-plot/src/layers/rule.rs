//! A straight line across the plot at one value: a target, a limit, a baseline.

use crate::color::Color;
use crate::dash::Dash;
use crate::extent::Extent;
use crate::frame::Frame;
use crate::legend::{LegendEntry, Symbol};
use crate::plot::Layer;
use crate::scene::Scene;
use crate::theme::Theme;

/// A dashed line at one value, named in the legend.
#[derive(Clone, Debug)]
pub struct Rule {
    name: String,
    value: f64,
    vertical: bool,
}

impl Rule {
    /// The line y = `value`; nothing is drawn where it is not finite.
    pub fn horizontal(name: impl Into<String>, value: f64) -> Self {
        Self {
            name: name.into(),
            value,
            vertical: false,
        }
    }

    /// The line x = `value`; nothing is drawn where it is not finite.
    pub fn vertical(name: impl Into<String>, value: f64) -> Self {
        Self {
            name: name.into(),
            value,
            vertical: true,
        }
    }
}

impl Layer for Rule {
    fn extend(&self, x: &mut Extent, y: &mut Extent) {
        if self.vertical { x } else { y }.include([self.value]);
    }

    fn takes_color(&self) -> bool {
        false
    }

    fn legend(&self, theme: &Theme, _: Color) -> Vec<LegendEntry> {
        let symbol = Symbol::Line(Dash::Dashed);
        vec![LegendEntry {
            label: self.name.clone(),
            symbol,
            color: theme.faint_ink,
        }]
    }

    fn draw(&self, scene: &mut Scene, frame: &Frame, _: Color) {
        let area = frame.area();
        let ends = if self.vertical {
            frame
                .x(self.value)
                .map(|x| [(x, area.top), (x, area.bottom)])
        } else {
            frame
                .y(self.value)
                .map(|y| [(area.left, y), (area.right, y)])
        };
        let Some(ends) = ends else { return };
        let (color, width) = (scene.theme().faint_ink, scene.theme().line_width * 0.8);
        for part in area.clip(&ends) {
            scene.dashed_line(&part, color, width, Dash::Dashed);
        }
    }
}
