//! The principal components against scikit-learn, and for any way of keeping snapshots.

use hemline_landscape::{Pca, Plane, SamplingConfig, Trajectory};
use serde::Deserialize;

use crate::common::{Point, layout, trajectory};

/// What `fixtures/pca.py` printed.
#[derive(Deserialize)]
struct Fixture {
    every: usize,
    components: [Vec<f64>; 2],
    explained_variance: [f64; 2],
    explained_variance_ratio: [f64; 2],
    projections: Vec<[f64; 2]>,
}

const SNAPSHOTS: u32 = 40;
const PARAMETERS: u32 = 3000;

/// The snapshots that the script makes.
fn snapshots() -> Vec<Vec<f32>> {
    let value = |t: u32, j: u32| {
        let noise = (7919 * t + 104_729 * j + 31 * t * j) % 1000;
        let (t, j) = (f64::from(t), f64::from(j));
        let drift = 3.0 * t / f64::from(SNAPSHOTS) * (0.1 * j).cos();
        let swing = (0.3 * t).sin() * (0.05 * j).sin();
        (1.5 + drift + swing + 0.2 * (f64::from(noise) / 1000.0)) as f32
    };
    (0..SNAPSHOTS)
        .map(|t| (0..PARAMETERS).map(|j| value(t, j)).collect())
        .collect()
}

#[test]
fn components_are_those_of_scikit_learn() {
    let fixture: Fixture = serde_json::from_str(include_str!("../fixtures/pca.json")).unwrap();
    let points = snapshots();
    // In two runs, as the components do not care.
    let runs = [
        trajectory("a", &points[..15]),
        trajectory("b", &points[15..]),
    ];
    let pca = Pca::of(&[&runs[0], &runs[1]], 2).unwrap();
    for (found, expected) in pca.components.iter().zip(&fixture.components) {
        assert_eq!(expected.len(), found.len().div_ceil(fixture.every));
        for (found, expected) in found.iter().step_by(fixture.every).zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} for {expected}");
        }
    }
    for k in 0..2 {
        let pairs = [
            (pca.explained_variance[k], fixture.explained_variance[k]),
            (
                pca.explained_variance_ratio[k],
                fixture.explained_variance_ratio[k],
            ),
        ];
        for (found, expected) in pairs {
            assert!(
                (found / expected - 1.0).abs() < 1e-8,
                "{found} for {expected}"
            );
        }
    }
    let plane = Plane::of_components(&pca, pca.mean.clone()).unwrap();
    for (point, expected) in points.iter().zip(&fixture.projections) {
        let found = plane.project(point).unwrap();
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
        }
    }
}

#[test]
fn any_number_of_threads_and_any_store_give_the_same_bits() {
    let points = snapshots();
    let memory = trajectory("memory", &points);
    let folder = tempfile::tempdir().unwrap();
    let config = SamplingConfig::every(1).spilled(folder.path());
    let layout = layout(&Point::new(&points[0]));
    let mut file = Trajectory::new("file", layout, &config).unwrap();
    for (iteration, point) in points.iter().enumerate() {
        file.push(iteration, point).unwrap();
    }
    let run = |threads, trajectory: &Trajectory| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build()
            .unwrap()
            .install(|| Pca::of(&[trajectory], 2).unwrap())
    };
    let one = run(1, &memory);
    assert_eq!(one, run(2, &memory));
    assert_eq!(one, run(5, &memory));
    assert_eq!(one, run(2, &file));
}

#[test]
fn components_are_orthonormal_and_signs_do_not_change() {
    let points = snapshots();
    let pca = Pca::of(&[&trajectory("run", &points)], 5).unwrap();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    for (i, a) in pca.components.iter().enumerate() {
        for (j, b) in pca.components.iter().enumerate() {
            let expected = if i == j { 1.0 } else { 0.0 };
            assert!((dot(a, b) - expected).abs() < 1e-12);
        }
        let largest = a
            .iter()
            .fold(0.0_f64, |m, &v| if v.abs() > m.abs() { v } else { m });
        assert!(largest > 0.0);
    }
    // Mirrored snapshots have the same components, not mirrored ones.
    let mirrored: Vec<Vec<f32>> = points
        .iter()
        .map(|point| point.iter().map(|value| 3.0 - value).collect())
        .collect();
    let other = Pca::of(&[&trajectory("mirror", &mirrored)], 2).unwrap();
    for (a, b) in pca.components.iter().zip(&other.components) {
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
