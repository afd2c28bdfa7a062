//! Where the values of iso-lines are written: on straight parts, apart from each other and from paths.

use crate::font;
use crate::geometry::{Point, Rect};
use crate::scene::{Scene, Text};

/// A line is labelled where it is at least this many times as long as the label.
const LEAST_LENGTH: f64 = 3.5;

/// A level has at most this many labels.
const MOST_PER_LEVEL: usize = 3;

/// Room about a label, in logical pixels.
const ROOM: f64 = 3.0;

/// Labels that have been placed, and what they must keep away from.
#[derive(Debug)]
pub(crate) struct Labels {
    frame: Rect,
    taken: Vec<Rect>,
    placed: Vec<Text>,
}

impl Labels {
    /// No labels yet, in `frame`, away from `points`.
    pub(crate) fn new(frame: Rect, points: impl Iterator<Item = (Point, f64)>) -> Self {
        let around =
            |((x, y), reach): (Point, f64)| Rect::new(x - reach, y - reach, x + reach, y + reach);
        Self {
            frame,
            taken: points.map(around).collect(),
            placed: Vec::new(),
        }
    }

    /// Places the label of one level on the longest of its lines.
    pub(crate) fn place(&mut self, mut lines: Vec<&Vec<Point>>, template: &Text) {
        lines.sort_by(|a, b| length(b).total_cmp(&length(a)));
        let width = font::width(&template.content, template.size, false);
        let long = lines
            .iter()
            .take_while(|line| length(line) >= LEAST_LENGTH * width);
        for line in long.take(MOST_PER_LEVEL) {
            let half = width / 2.0;
            let free = line.iter().enumerate().filter_map(|(index, &anchor)| {
                let text = Text {
                    anchor,
                    ..template.clone()
                };
                let bounds = text.bounds().inset(-ROOM);
                let inside = self.frame.inset(ROOM);
                let is_free = bounds.left >= inside.left
                    && bounds.right <= inside.right
                    && bounds.top >= inside.top
                    && bounds.bottom <= inside.bottom
                    && self.taken.iter().all(|other| bounds.is_apart(other));
                is_free.then(|| (steepness(line, index, half), text, bounds))
            });
            // Labels are not turned, so they read best where the line is level.
            if let Some((_, text, bounds)) = free.min_by(|a, b| a.0.total_cmp(&b.0)) {
                self.taken.push(bounds);
                self.placed.push(text);
            }
        }
    }

    /// The parts of a line that run past the labels and not through them.
    pub(crate) fn spared(&self, line: &[Point]) -> Vec<Vec<Point>> {
        let mut parts = vec![line.to_vec()];
        for text in &self.placed {
            let bounds = text.bounds().inset(-ROOM * 0.7);
            parts = parts
                .iter()
                .flat_map(|part| outside(bounds, part))
                .collect();
        }
        parts
    }

    /// Draws them.
    pub(crate) fn draw(self, scene: &mut Scene) {
        for text in self.placed {
            scene.text(text);
        }
    }
}

/// The parts of `line` that lie outside of `area`.
fn outside(area: Rect, line: &[Point]) -> Vec<Vec<Point>> {
    if area.clip(line).is_empty() {
        return vec![line.to_vec()];
    }
    let mut parts: Vec<Vec<Point>> = vec![line[..1].to_vec()];
    for pair in line.windows(2) {
        let crossing = area.clip(pair);
        if let Some(inside) = crossing.first() {
            if let Some(part) = parts.last_mut() {
                part.push(inside[0]);
            }
            parts.push(vec![inside[inside.len() - 1]]);
        }
        if let Some(part) = parts.last_mut() {
            part.push(pair[1]);
        }
    }
    parts.retain(|part| part.windows(2).any(|pair| pair[0] != pair[1]));
    parts
}

fn length(line: &[Point]) -> f64 {
    line.windows(2)
        .map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1))
        .sum()
}

/// How far the line rises or falls within `reach` of the point `index`; infinite near its ends.
fn steepness(line: &[Point], index: usize, reach: f64) -> f64 {
    let at = line[index];
    let leaves = |mut points: Box<dyn Iterator<Item = &Point> + '_>| {
        points
            .find(|point| (point.0 - at.0).hypot(point.1 - at.1) >= reach)
            .copied()
    };
    let before = leaves(Box::new(line[..index].iter().rev()));
    let after = leaves(Box::new(line[index..].iter()));
    match (before, after) {
        (Some(before), Some(after)) => (before.1 - at.1).abs().max((after.1 - at.1).abs()),
        _ => f64::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_a_label_is_cut() {
        let area = Rect::new(4.0, -1.0, 6.0, 1.0);
        assert_eq!(
            outside(area, &[(0.0, 0.0), (10.0, 0.0), (20.0, 0.0)]),
            [
                vec![(0.0, 0.0), (4.0, 0.0)],
                vec![(6.0, 0.0), (10.0, 0.0), (20.0, 0.0)]
            ]
        );
        let bent = [(0.0, 0.0), (5.0, 0.0), (5.0, 9.0)];
        assert_eq!(
            outside(area, &bent),
            [vec![(0.0, 0.0), (4.0, 0.0)], vec![(5.0, 1.0), (5.0, 9.0)]]
        );
        assert_eq!(outside(area, &[(0.0, 5.0), (9.0, 5.0)]).len(), 1);
    }
}
