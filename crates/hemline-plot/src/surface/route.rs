//! A path cut into short straight pieces, so that each can have the colour of its time.

use crate::geometry::Point;
use crate::surface::fitted::PathPoint;

/// Pieces are about this long, in logical pixels, and all paths together have at most so many.
pub(crate) const PIECE: f64 = 5.0;
const MOST_PIECES: usize = 12_000;

/// A path is drawn through at most this many of its points.
pub(crate) const MOST_POINTS: usize = 2_000;

/// At most this many of its points are marked.
pub(crate) const MOST_DOTS: usize = 120;

/// Radii of markers as multiples of the theme's.
pub(crate) const DOT: f64 = 0.72;
pub(crate) const END_MARK: f64 = 1.75;

/// What keeps lines and the marks at their ends apart from what is under them, in logical pixels; that
/// of dots is thinner.
pub(crate) const MARGIN: f64 = 1.2;
pub(crate) const DOT_MARGIN: f64 = 0.6;

/// The path in short straight pieces, where there are `paths` paths in the picture.
pub(crate) fn pieces(
    points: &[Option<PathPoint>],
    paths: usize,
    place: impl Fn(&PathPoint) -> Point,
) -> Vec<[PathPoint; 2]> {
    let segments = || {
        points
            .windows(2)
            .filter_map(|pair| Some([pair[0]?, pair[1]?]))
    };
    let length = |[from, to]: &[PathPoint; 2]| {
        let (a, b) = (place(from), place(to));
        (b.0 - a.0).hypot(b.1 - a.1)
    };
    let whole: f64 = segments().map(|segment| length(&segment)).sum();
    let piece = PIECE.max(whole / (MOST_PIECES / paths.max(1)).max(1) as f64);
    segments()
        .flat_map(|segment| {
            let [from, to] = segment;
            let number = (length(&segment) / piece).ceil().max(1.0) as usize;
            let at = move |index: usize| from.toward(&to, index as f64 / number as f64);
            (0..number).map(move |index| [at(index), at(index + 1)])
        })
        .collect()
}

/// At most about `most` of the points, evenly spaced, with the ends; gaps between them stay.
pub(crate) fn thinned(path: &[Option<PathPoint>], most: usize) -> Vec<Option<PathPoint>> {
    let every = path.len().div_ceil(most).max(1);
    let kept = path.chunks(every).map(|chunk| {
        let whole = chunk.iter().all(Option::is_some);
        if whole { chunk[0] } else { None }
    });
    let last = if every > 1 {
        path.last().copied()
    } else {
        None
    };
    kept.chain(last).collect()
}

/// The first and the last point that are there.
pub(crate) fn ends(path: &[Option<PathPoint>]) -> [Option<PathPoint>; 2] {
    let mut there = path.iter().flatten().copied();
    [there.next(), there.next_back()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: f64) -> Option<PathPoint> {
        Some(PathPoint {
            x,
            y: 0.0,
            height: 0.0,
            time: x,
        })
    }

    #[test]
    fn pieces_are_short_joined_and_leave_gaps() {
        let path = [point(0.0), point(0.5), None, point(0.9), point(1.0)];
        let pieces = pieces(&path, 1, |point| (point.x * 100.0, 0.0));
        assert_eq!(pieces.len(), 10 + 2);
        assert_eq!((pieces[9][1].x, pieces[10][0].x), (0.5, 0.9));
        assert!(pieces[..10].windows(2).all(|pair| pair[0][1] == pair[1][0]));
    }

    #[test]
    fn thinning_keeps_gaps_and_the_end() {
        let mut path: Vec<_> = (0..1000).map(|i| point(f64::from(i))).collect();
        path[500] = None;
        let kept = thinned(&path, 100);
        assert_eq!(kept.len(), 101);
        assert_eq!((kept[50], kept[100]), (None, point(999.0)));
        assert_eq!(ends(&path), [point(0.0), point(999.0)]);
        assert_eq!(ends(&[None, point(1.0)]), [point(1.0), None]);
    }
}
