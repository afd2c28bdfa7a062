//! Wrong input gets an error that says what is wrong.

use hemline_landscape::{
    Error, Grid, HessianConfig, HessianPlane, ModuleLoss, Normalization, Path, Pca, Plane,
    SamplingConfig, Surface, SurfaceConfig, Trajectory, assign, flatten,
};

use crate::common::{Network, Point, layout, trajectory};

#[test]
fn snapshots_that_have_no_components() {
    let two = |a: &[f32], b: &[f32]| trajectory("run", &[a.to_vec(), b.to_vec()]);
    let one = trajectory("run", &[vec![1.0, 2.0]]);
    assert!(matches!(
        Pca::of(&[&one], 2),
        Err(Error::TooFewSnapshots {
            expected: 3,
            found: 1
        })
    ));
    assert!(matches!(
        Pca::of(&[], 2),
        Err(Error::TooFewSnapshots { found: 0, .. })
    ));
    let same = trajectory("run", &vec![vec![1.0, 2.0]; 5]);
    assert!(matches!(
        Pca::of(&[&same], 2),
        Err(Error::TooFewDirections {
            expected: 2,
            found: 0
        })
    ));
    let straight: Vec<Vec<f32>> = (0..5)
        .map(|t| vec![t as f32, 2.0 * t as f32, 1.0])
        .collect();
    assert!(matches!(
        Pca::of(&[&trajectory("run", &straight)], 2),
        Err(Error::TooFewDirections {
            expected: 2,
            found: 1
        })
    ));
    let other = two(&[0.0; 3], &[1.0; 3]);
    let error = Pca::of(&[&two(&[0.0; 2], &[1.0; 2]), &other], 2).unwrap_err();
    assert!(matches!(error, Error::Layout { .. }) && error.to_string().contains("in the run run"));
    let mut points = vec![vec![0.0_f32; 4]; 4];
    points[2][1] = f32::NAN;
    let error = Pca::of(&[&trajectory("a run", &points)], 2)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("a run at iteration 2") && error.contains("index 1"),
        "{error}"
    );
    assert!(matches!(
        Pca::of(&[&same], 0),
        Err(Error::InvalidConfig { .. })
    ));
}

#[test]
fn trajectories_and_modules_that_do_not_fit() {
    let layout = layout(&Point::new(&[0.0; 3]));
    for config in [
        SamplingConfig::every(0),
        SamplingConfig::every(1).at_most(1),
    ] {
        let error = Trajectory::new("", layout.clone(), &config).unwrap_err();
        assert!(matches!(error, Error::InvalidConfig { .. }), "{error}");
    }
    let nowhere = SamplingConfig::every(1).spilled("/nowhere/at/all");
    assert!(matches!(
        Trajectory::new("", layout.clone(), &nowhere),
        Err(Error::Io { .. })
    ));
    let mut run = Trajectory::new("", layout.clone(), &SamplingConfig::every(1)).unwrap();
    assert!(matches!(
        run.push(0, &[0.0; 2]),
        Err(Error::Length {
            expected: 3,
            found: 2,
            ..
        })
    ));
    assert!(run.snapshot(0).unwrap_err().to_string().contains("below 0"));
    // A point of another length, and a module that has no such parameter.
    assert!(matches!(
        flatten(&Point::new(&[0.0; 4]), &layout),
        Err(Error::Layout { .. })
    ));
    assert!(matches!(
        flatten(&Network::new(3), &layout),
        Err(Error::Layout { .. })
    ));
    assert!(matches!(
        assign(&Point::new(&[0.0; 3]), &layout, &[0.0; 2]),
        Err(Error::Length { .. })
    ));
}

#[test]
fn planes_that_are_none() {
    let parallel = [vec![1.0, 2.0], vec![-2.0, -4.0]];
    assert!(matches!(
        Plane::new(vec![0.0; 2], parallel),
        Err(Error::DegeneratePlane { .. })
    ));
    let short = [vec![1.0, 2.0], vec![1.0]];
    assert!(matches!(
        Plane::new(vec![0.0; 2], short),
        Err(Error::Length { .. })
    ));
    let bad = [vec![1.0, f64::NAN], vec![0.0, 1.0]];
    assert!(matches!(
        Plane::new(vec![0.0; 2], bad),
        Err(Error::NonFinite { index: 1, .. })
    ));
    let line = Plane::through(&[0.0, 0.0], &[1.0, 1.0], &[2.0, 2.0]);
    assert!(matches!(line, Err(Error::DegeneratePlane { .. })));
    assert!(matches!(
        Plane::line(&[1.0], &[1.0]),
        Err(Error::DegeneratePlane { .. })
    ));
    assert!(matches!(
        Plane::line(&[1.0], &[1.0, 2.0]),
        Err(Error::Length { .. })
    ));
    let plane = Plane::new(vec![0.0; 2], [vec![1.0, 0.0], vec![0.0, 1.0]]).unwrap();
    assert!(matches!(
        plane.project(&[0.0; 3]),
        Err(Error::Length { .. })
    ));

    let network = Network::new(3);
    let layout = layout(&network);
    let zeros = vec![0.0; layout.dimension()];
    let nothing = Plane::random(&layout, &zeros, Normalization::Filter, 0);
    assert!(matches!(nothing, Err(Error::DegeneratePlane { .. })));
    let short = Plane::random(&layout, &zeros[1..], Normalization::Filter, 0);
    assert!(matches!(short, Err(Error::Length { .. })));

    let flat = |at: &[f32]| Ok(vec![0.0; at.len()]);
    let config = HessianConfig::default();
    let found = HessianPlane::find(&[1.0; 5], flat, &config);
    assert!(
        matches!(found, Err(Error::DegeneratePlane { .. })),
        "{found:?}"
    );
    let short = HessianPlane::find(&[1.0; 5], |_| Ok(vec![0.0; 4]), &config);
    assert!(matches!(short, Err(Error::Length { .. })));
    let nan = HessianPlane::find(&[1.0; 5], |_| Ok(vec![f32::NAN; 5]), &config);
    assert!(matches!(nan, Err(Error::NonFinite { .. })));
    let step = HessianConfig {
        step: 0.0,
        ..config
    };
    let zero = HessianPlane::find(&[1.0; 5], flat, &step);
    assert!(matches!(
        zero,
        Err(Error::InvalidConfig { field: "step", .. })
    ));
}

#[test]
fn grids_of_no_size() {
    let points = [[0.0, 0.0], [1.0, 1.0]];
    for counts in [[0, 5], [5, 0], [1, 5], [usize::MAX, 5], [1 << 13, 1 << 13]] {
        let error = Grid::around(points, 0.1, counts).unwrap_err();
        assert!(matches!(error, Error::InvalidConfig { .. }), "{error}");
    }
    for margin in [-0.1, f64::NAN, f64::INFINITY] {
        assert!(Grid::around(points, margin, [5, 5]).is_err());
    }
    assert!(matches!(
        Grid::around([[0.0, f64::NAN]], 0.1, [5, 5]),
        Err(Error::NonFinite { .. })
    ));
    assert!(Grid::around(std::iter::empty(), 0.1, [5, 5]).is_err());
    assert!(Grid::new(vec![], vec![0.0]).is_err());
    assert!(Grid::new(vec![0.0, 0.0], vec![0.0]).is_err());
    assert!(Grid::line(0.0, 1.0, 1).is_err() && Grid::line(1.0, 0.0, 5).is_err());
    // A single point still has a grid around it.
    let grid = Grid::around([[3.0, 3.0]], 0.0, [3, 3]).unwrap();
    assert_eq!(grid.x(), [2.5, 3.0, 3.5]);
}

#[test]
fn an_error_of_the_loss_says_where() {
    let module = Point::new(&[0.0; 2]);
    let layout = layout(&module);
    let plane = Plane::new(vec![0.0; 2], [vec![1.0, 0.0], vec![0.0, 1.0]]).unwrap();
    let loss = ModuleLoss::new(&module, &layout, &plane, "", |_: &Point| {
        Err("no power".into())
    });
    let loss = loss.unwrap();
    let grid = Grid::new(vec![0.0, 2.0], vec![5.0, 7.0]).unwrap();
    let error = Surface::compute(&loss, &grid, &SurfaceConfig::default(), &mut ()).unwrap_err();
    assert!(error.to_string().contains("at (0, "), "{error}");
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "no power");
    let run = trajectory("run", &[vec![0.0; 2]]);
    let measured = Path::measure(&run, &loss, |_| Ok(0.0), &SurfaceConfig::default());
    assert!(matches!(measured, Err(Error::Loss { .. })));
    let other = Plane::line(&[0.0; 3], &[1.0; 3]).unwrap();
    let mismatched = ModuleLoss::new(&module, &layout, &other, "", |_: &Point| Ok(0.0));
    assert!(matches!(
        mismatched.map(|_| ()),
        Err(Error::Length {
            expected: 2,
            found: 3,
            ..
        })
    ));
}

#[test]
fn rows_computed_elsewhere_must_be_those_of_the_grid() {
    let module = Point::new(&[0.0; 2]);
    let layout = layout(&module);
    let plane = Plane::new(vec![0.0; 2], [vec![1.0, 0.0], vec![0.0, 1.0]]).unwrap();
    let loss = ModuleLoss::new(&module, &layout, &plane, "", |_: &Point| Ok(0.0)).unwrap();
    let grid = Grid::new(vec![0.0, 1.0, 2.0], vec![5.0, 7.0]).unwrap();
    let compute = |given: &[(usize, usize)]| {
        let config = SurfaceConfig::default();
        Surface::compute_by(&loss, &grid, &config, &mut (), |rows, accept| {
            assert_eq!(rows[1], [[0.0, 7.0], [1.0, 7.0], [2.0, 7.0]]);
            let row = |length: usize| (0..length).map(|x| x as f64).collect();
            given
                .iter()
                .try_for_each(|&(index, length)| accept(index, row(length)))
        })
    };
    // In any order, the last of two answers for a row.
    let surface = compute(&[(1, 3), (0, 3), (0, 3)]).unwrap();
    assert_eq!(surface.loss, [0.0, 1.0, 2.0, 0.0, 1.0, 2.0]);
    for (given, expected) in [
        (vec![(0, 3)], "must hold 6 numbers, found 3"),
        (vec![(0, 3), (1, 2)], "must hold 3 numbers, found 2"),
        (vec![(0, 3), (2, 3)], "found 2"),
    ] {
        let error = compute(&given).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
