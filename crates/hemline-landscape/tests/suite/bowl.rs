//! A quadratic bowl, whose plane, variance and surface are known in closed form.

use hemline_landscape::{
    Grid, ModuleLoss, Path, Pca, Plane, Surface, SurfaceConfig, SurfaceProgress,
};

use crate::common::{Point, layout, scalar, trajectory};

/// The dimension of the bowl.
const P: usize = 50;

/// Curvatures of the bowl L(θ) = ½ Σ cᵢθᵢ².
fn curvature(i: usize) -> f32 {
    1.0 + i as f32
}

/// Points of a path that swings along e₃, half as far along e₇, and a little along e₉.
fn points(phase: f64) -> Vec<Vec<f32>> {
    (0..20)
        .map(|t| {
            let angle = phase + std::f64::consts::TAU * f64::from(t) / 20.0;
            let mut point = vec![0.5_f32; P];
            point[3] += (2.0 * angle.cos()) as f32;
            point[7] += angle.sin() as f32;
            point[9] += (0.1 * (2.0 * angle).cos()) as f32;
            point
        })
        .collect()
}

fn loss_at(point: impl Fn(usize) -> f64) -> f64 {
    (0..P)
        .map(|i| 0.5 * f64::from(curvature(i)) * point(i).powi(2))
        .sum()
}

fn bowl(point: &Point) -> Result<f64, hemline_landscape::BoxedError> {
    let curvatures: Vec<f32> = (0..P).map(curvature).collect();
    let at = point.at.val();
    let curvatures = burn::tensor::Tensor::<1>::from_data(curvatures.as_slice(), &at.device());
    scalar((curvatures * at.clone() * at).sum().mul_scalar(0.5))
}

#[test]
fn the_plane_the_variance_and_the_surface_are_the_known_ones() {
    let run = trajectory("run", &points(0.0));
    let pca = Pca::of(&[&run], 3).unwrap();
    // Over a whole turn cos² and sin² average ½, so the sums of squares over T − 1 are these.
    let expected = [4.0 * 10.0 / 19.0, 10.0 / 19.0, 0.01 * 10.0 / 19.0];
    let total: f64 = expected.iter().sum();
    for (found, expected) in pca.explained_variance.iter().zip(expected) {
        assert!(
            (found / expected - 1.0).abs() < 1e-6,
            "{found} for {expected}"
        );
    }
    assert!((pca.total_variance / total - 1.0).abs() < 1e-6);
    assert!((pca.explained_variance_ratio[0] - expected[0] / total).abs() < 1e-7);
    for (component, axis) in pca.components.iter().zip([3, 7, 9]) {
        for (i, entry) in component.iter().enumerate() {
            let expected = if i == axis { 1.0 } else { 0.0 };
            assert!(
                (entry - expected).abs() < 1e-6,
                "component {axis}, entry {i}: {entry}"
            );
        }
    }
    for (i, mean) in pca.mean.iter().enumerate() {
        assert!((mean - 0.5).abs() < 1e-7, "mean of {i}: {mean}");
    }

    let plane = Plane::of_components(&pca, pca.mean.clone()).unwrap();
    let last = Point::new(&[0.0; P]);
    let layout = layout(&last);
    let loss = ModuleLoss::new(&last, &layout, &plane, "bowl", bowl).unwrap();
    let grid = Grid::around(Path::project(&run, &plane).unwrap(), 0.25, [9, 5]).unwrap();
    let config = SurfaceConfig::default();
    let mut told = Vec::new();
    let mut observer = |progress: &SurfaceProgress| told.push((progress.done, progress.rows));
    let surface = Surface::compute(&loss, &grid, &config, &mut observer).unwrap();
    assert_eq!(told, (0..=5).map(|done| (done, 5)).collect::<Vec<_>>());
    let expected_at = |x: f64, y: f64| {
        loss_at(|i| match i {
            3 => 0.5 + x,
            7 => 0.5 + y,
            _ => 0.5,
        })
    };
    let rows = surface.loss.chunks_exact(9).zip(grid.y());
    for (row, &y) in rows {
        for (&found, &x) in row.iter().zip(grid.x()) {
            let expected = expected_at(x, y);
            assert!(
                (found / expected - 1.0).abs() < 1e-5,
                "({x}, {y}): {found}, {expected}"
            );
        }
    }
    let (at, least) = surface.minimum().unwrap();
    assert!(surface.loss.iter().all(|&loss| loss >= least));
    assert!((expected_at(at[0], at[1]) / least - 1.0).abs() < 1e-5);

    let path = Path::measure(&run, &loss, |point| loss.at(point), &config).unwrap();
    for (t, point) in points(0.0).iter().enumerate() {
        let [x, y] = path.points[t];
        assert!((x - f64::from(point[3] - 0.5)).abs() < 1e-6, "{x}");
        assert!((y - f64::from(point[7] - 0.5)).abs() < 1e-6, "{y}");
        let (plane_loss, true_loss) = (expected_at(x, y), loss_at(|i| f64::from(point[i])));
        assert!((path.plane_loss[t] / plane_loss - 1.0).abs() < 1e-5);
        assert!((path.loss[t] / true_loss - 1.0).abs() < 1e-5);
        // What the plane leaves out is the third direction, and it is all of the difference.
        let away = f64::from(point[9]) - 0.5;
        assert!((path.distance[t] - away.abs()).abs() < 1e-6);
        assert!(grid.x()[0] < x && x < grid.x()[8] && grid.y()[0] < y && y < grid.y()[4]);
    }
    assert_eq!(path.iterations, (0..20).collect::<Vec<_>>());
}

#[test]
fn the_order_of_snapshots_and_runs_does_not_matter() {
    let (mut first, mut second) = (points(0.1), points(0.9));
    let forward = [trajectory("a", &first), trajectory("b", &second)];
    first.reverse();
    second.swap(2, 17);
    let backward = [trajectory("b", &second), trajectory("a", &first)];
    let surface = |runs: &[hemline_landscape::Trajectory; 2]| {
        let pca = Pca::of(&[&runs[0], &runs[1]], 2).unwrap();
        let plane = Plane::of_components(&pca, pca.mean.clone()).unwrap();
        let last = Point::new(&[0.0; P]);
        let layout = layout(&last);
        let loss = ModuleLoss::new(&last, &layout, &plane, "bowl", bowl).unwrap();
        let points = runs
            .iter()
            .flat_map(|run| Path::project(run, &plane).unwrap());
        let grid = Grid::around(points, 0.1, [6, 6]).unwrap();
        Surface::compute(&loss, &grid, &SurfaceConfig::default(), &mut ()).unwrap()
    };
    let (one, other) = (surface(&forward), surface(&backward));
    for (a, b) in one.loss.iter().zip(&other.loss) {
        assert!((a / b - 1.0).abs() < 1e-5, "{a} and {b}");
    }
    for (a, b) in one.grid.x().iter().zip(other.grid.x()) {
        assert!((a - b).abs() < 1e-9, "{a} and {b}");
    }
}

#[test]
fn losses_that_are_not_finite_are_kept() {
    let plane = Plane::new(vec![0.0; 2], [vec![1.0, 0.0], vec![0.0, 1.0]]).unwrap();
    let module = Point::new(&[0.0; 2]);
    let layout = layout(&module);
    // log x + y: NaN for x < 0, −∞ at 0.
    let loss = ModuleLoss::new(&module, &layout, &plane, "a logarithm", |point: &Point| {
        let [x, y] = [0, 1].map(|i| point.at.val().slice(i..i + 1));
        scalar(x.log() + y)
    })
    .unwrap();
    let grid = Grid::new(vec![-1.0, 0.0, 1.0], vec![0.0, 2.0]).unwrap();
    let surface = Surface::compute(&loss, &grid, &SurfaceConfig::default(), &mut ()).unwrap();
    assert!(surface.loss[0].is_nan() && surface.loss[3].is_nan());
    assert_eq!(surface.loss[1], f64::NEG_INFINITY);
    assert_eq!(surface.minimum(), Some(([1.0, 0.0], 0.0)));
}
