//! Random planes, three points, lines, and the plane of the largest curvature.

use hemline_landscape::{
    Error, Grid, HessianConfig, HessianPlane, Layout, ModuleLoss, Normalization, Plane,
    RunningStatistics, Surface, SurfaceConfig, assign, flatten, gradient,
};

use crate::common::{Network, Point, cross_entropy, examples, layout, scalar};

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn filters_of_a_random_direction_are_as_long_as_the_weights() {
    let module = Network::new(7);
    let layout = layout(&module);
    let center = flatten(&module, &layout).unwrap();
    let plane = Plane::random(&layout, &center, Normalization::Filter, 3).unwrap();
    for direction in plane.directions() {
        for entry in &layout.entries {
            let (range, columns) = (entry.range(), entry.shape.last().copied().unwrap());
            if entry.shape.len() == 1 {
                assert!(direction[range].iter().all(|&d| d == 0.0), "{}", entry.name);
                continue;
            }
            for column in 0..columns {
                let places = || range.clone().skip(column).step_by(columns);
                let length = |value: &dyn Fn(usize) -> f64| {
                    places().map(|i| value(i).powi(2)).sum::<f64>().sqrt()
                };
                let (drawn, own) = (length(&|i| direction[i]), length(&|i| f64::from(center[i])));
                assert!(
                    (drawn / own - 1.0).abs() < 1e-9,
                    "{}: {drawn}, {own}",
                    entry.name
                );
            }
        }
    }
    let again = Plane::random(&layout, &center, Normalization::Filter, 3).unwrap();
    assert_eq!(plane, again);
    assert_ne!(
        plane,
        Plane::random(&layout, &center, Normalization::Filter, 4).unwrap()
    );
    // A whole weight matrix at once, and entries as drawn.
    let layer = Plane::random(&layout, &center, Normalization::Layer, 3).unwrap();
    let first = layout.entry("first").unwrap().range();
    let weights: Vec<f64> = center[first.clone()]
        .iter()
        .copied()
        .map(f64::from)
        .collect();
    let drawn = &layer.directions()[0][first];
    assert!((dot(drawn, drawn) / dot(&weights, &weights) - 1.0).abs() < 1e-9);
    let raw = Plane::random(&layout, &center, Normalization::None, 3).unwrap();
    let mean_square = dot(&raw.directions()[0], &raw.directions()[0]) / center.len() as f64;
    // A χ² of 40-odd degrees of freedom over its mean: within 5 standard deviations.
    assert!((0.2..2.0).contains(&mean_square), "{mean_square}");
}

#[test]
fn coordinates_are_those_of_the_nearest_point_also_on_a_skew_plane() {
    let plane = Plane::new(
        vec![1.0; 4],
        [vec![1.0, 0.0, 2.0, 0.0], vec![1.0, 1.0, 0.0, 0.0]],
    )
    .unwrap();
    let point = [0.3, -0.7, 2.5, 4.0];
    let at = plane.project(&point).unwrap();
    let distance = |at: [f64; 2]| -> f64 {
        let near = plane.lift(at);
        near.iter()
            .zip(&point)
            .map(|(&a, &b)| f64::from(a - b).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    assert!((distance(at) - plane.distance(&point).unwrap()).abs() < 1e-6);
    for step in [[0.01, 0.0], [-0.01, 0.0], [0.0, 0.01], [0.0, -0.01]] {
        assert!(distance([at[0] + step[0], at[1] + step[1]]) > distance(at));
    }
    // A point of the plane comes back.
    let there = plane.project(&plane.lift([2.0, -3.0])).unwrap();
    assert!((there[0] - 2.0).abs() < 1e-6 && (there[1] + 3.0).abs() < 1e-6);
}

#[test]
fn three_points_lie_on_their_plane() {
    let (a, b, c) = ([1.0, 0.0, 0.0], [1.0, 3.0, 0.0], [2.0, 1.0, 4.0]);
    let plane = Plane::through(&a, &b, &c).unwrap();
    let [first, second] = plane.directions();
    assert!((dot(first, first) - 1.0).abs() < 1e-12 && (dot(second, second) - 1.0).abs() < 1e-12);
    assert!(dot(first, second).abs() < 1e-12);
    assert_eq!(plane.project(&a).unwrap(), [0.0, 0.0]);
    let at = plane.project(&b).unwrap();
    assert!((at[0] - 3.0).abs() < 1e-12 && at[1].abs() < 1e-12);
    for point in [a, b, c] {
        assert!(plane.distance(&point).unwrap() < 1e-6);
    }
    assert!(plane.project(&c).unwrap()[1] > 0.0);
}

#[test]
fn a_line_is_the_interpolation_between_two_solutions() {
    let (a, b) = ([1.0_f32, 0.0], [3.0_f32, 4.0]);
    let line = Plane::line(&a, &b).unwrap();
    assert!(line.is_line());
    assert_eq!(line.project(&a).unwrap(), [0.0, 0.0]);
    assert_eq!(line.project(&b).unwrap(), [1.0, 0.0]);
    let module = Point::new(&a);
    let layout = layout(&module);
    let loss = ModuleLoss::new(&module, &layout, &line, "squares", |point: &Point| {
        scalar(point.at.val().powi_scalar(2).sum())
    })
    .unwrap();
    let config = SurfaceConfig::default();
    let grid = Grid::line(0.0, 1.0, 3).unwrap();
    let surface = Surface::compute(&loss, &grid, &config, &mut ()).unwrap();
    assert_eq!(surface.loss, [1.0, 8.0, 25.0]);
    let wide = Grid::new(vec![0.0, 1.0], vec![0.0, 1.0]).unwrap();
    let error = Surface::compute(&loss, &wide, &config, &mut ()).unwrap_err();
    assert!(
        matches!(error, Error::InvalidConfig { field: "grid", .. }),
        "{error}"
    );
}

/// Curvatures with two of large magnitude, one of them negative.
const CURVATURES: [f32; 8] = [1.0, 0.5, -9.0, 2.0, 6.0, 0.1, 1.5, -0.3];

#[test]
fn the_curvature_of_a_known_saddle() {
    let gradient = |at: &[f32]| -> Result<Vec<f32>, Error> {
        Ok(at.iter().zip(CURVATURES).map(|(x, c)| c * x).collect())
    };
    let config = HessianConfig {
        tolerance: 1e-3,
        ..HessianConfig::default()
    };
    let found = HessianPlane::find(&[0.7; 8], gradient, &config).unwrap();
    assert!(found.converged && found.iterations < 60, "{found:?}");
    for (value, expected) in found.eigenvalues.iter().zip([-9.0, 6.0]) {
        // The parameters at both ends of a step are rounded to f32.
        assert!(
            (value / expected - 1.0).abs() < 2e-3,
            "{value} for {expected}"
        );
    }
    for (direction, axis) in found.plane.directions().iter().zip([2, 4]) {
        assert!((direction[axis] - 1.0).abs() < 1e-3, "{direction:?}");
    }
}

#[test]
fn the_hessian_plane_of_a_network_is_where_its_loss_curves_most() {
    let module = Network::new(5);
    let layout = layout(&module);
    let (x, labels) = examples(60, 5);
    let center = flatten(&module, &layout).unwrap();
    let slope = |at: &[f32]| {
        let module = assign(&module, &layout, at)?;
        gradient(&module, &layout, |network| {
            cross_entropy(network, &x, &labels)
        })
    };
    let found = HessianPlane::find(&center, slope, &HessianConfig::default()).unwrap();
    assert!(found.converged, "{found:?}");
    // The second difference of the loss along a direction is the curvature there.
    let plane = &found.plane;
    let loss = ModuleLoss::new(&module, &layout, plane, "test", |network: &Network| {
        scalar(cross_entropy(network, &x, &labels))
    })
    .unwrap();
    let curvature = |direction: &[f64]| {
        // Short, so that few examples cross a kink of the ReLU.
        let step = 0.02;
        let at = |share: f64| -> f64 {
            let pairs = center.iter().zip(direction);
            let moved: Vec<f32> = pairs
                .map(|(&c, d)| (f64::from(c) + share * d) as f32)
                .collect();
            loss.at(&moved).unwrap()
        };
        (at(step) - 2.0 * at(0.0) + at(-step)) / (step * step)
    };
    let top = curvature(&plane.directions()[0]);
    assert!(
        (top / found.eigenvalues[0] - 1.0).abs() < 0.1,
        "{top}, {found:?}"
    );
    let random = Plane::random(&layout, &center, Normalization::None, 0).unwrap();
    for direction in random.directions() {
        let length = dot(direction, direction).sqrt();
        let unit: Vec<f64> = direction.iter().map(|d| d / length).collect();
        assert!(curvature(&unit).abs() < found.eigenvalues[0].abs());
    }
}

#[test]
fn gradients_are_the_slopes_of_the_loss() {
    let module = Network::new(4);
    let layout = Layout::of(&module, RunningStatistics::Moving);
    let (x, labels) = examples(20, 4);
    let slope = gradient(&module, &layout, |network| {
        cross_entropy(network, &x, &labels)
    })
    .unwrap();
    let center = flatten(&module, &layout).unwrap();
    let loss = |at: &[f32]| {
        let network = assign(&module, &layout, at).unwrap();
        scalar(cross_entropy(&network, &x, &labels)).unwrap()
    };
    for entry in &layout.entries {
        let place = entry.offset;
        let mut at = center.clone();
        at[place] += 1e-2;
        let ahead = loss(&at);
        at[place] -= 2e-2;
        let expected = (ahead - loss(&at)) / 2e-2;
        let found = f64::from(slope[place]);
        if entry.name.contains("running") {
            assert_eq!(found, 0.0, "{}", entry.name);
        } else {
            assert!(
                (found - expected).abs() < 2e-4,
                "{}: {found}, {expected}",
                entry.name
            );
        }
    }
}
