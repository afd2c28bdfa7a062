//! The cache: kills at random moments, torn and damaged files, other models.

use std::fs;
use std::path::Path as FilePath;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hemline_landscape::{Error, Grid, ModuleLoss, Plane, Surface, SurfaceConfig};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::common::{Point, layout, scalar};

/// Names the cache to the child, which does nothing without it.
const CACHE: &str = "HEMLINE_LANDSCAPE_TEST_CACHE";
const MOMENTS: usize = 50;
const ROWS: usize = 30;

fn config(workers: usize, cache: Option<&FilePath>) -> SurfaceConfig {
    SurfaceConfig {
        workers: std::num::NonZeroUsize::new(workers),
        cache: cache.map(FilePath::to_owned),
    }
}

/// The surface of sin(ax) + y², each point of which takes `pause` besides.
fn surface(a: f32, pause: Duration, config: &SurfaceConfig) -> Result<Surface, Error> {
    let plane = Plane::new(
        vec![0.5, 0.0, 1.0],
        [vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0]],
    )?;
    let module = Point::new(&[0.0; 3]);
    let layout = layout(&module);
    let identity = format!("sin({a} x) + y²");
    let loss = ModuleLoss::new(&module, &layout, &plane, identity, |point: &Point| {
        std::thread::sleep(pause);
        let [x, y] = [0, 1].map(|i| point.at.val().slice(i..i + 1));
        scalar((x.mul_scalar(a)).sin() + y.powi_scalar(2))
    })?;
    let axis = |count: usize| (0..count).map(|i| i as f64 / 10.0).collect();
    let grid = Grid::new(axis(8), axis(ROWS))?;
    Surface::compute(&loss, &grid, config, &mut ())
}

fn bits(surface: &Surface) -> Vec<u64> {
    surface.loss.iter().map(|loss| loss.to_bits()).collect()
}

/// The process that is killed: this test binary, running this test alone.
#[test]
fn child_surface() {
    if let Some(cache) = std::env::var_os(CACHE) {
        surface(
            2.0,
            Duration::from_micros(300),
            &config(2, Some(cache.as_ref())),
        )
        .unwrap();
    }
}

#[test]
fn a_surface_killed_at_fifty_random_moments_ends_in_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let child = |cache: &FilePath| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cache::child_surface"])
            .env(CACHE, cache)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let begun = Instant::now();
    assert!(
        child(&folder.path().join("whole"))
            .wait()
            .unwrap()
            .success()
    );
    let whole = begun.elapsed();
    let expected = bits(&surface(2.0, Duration::ZERO, &config(1, None)).unwrap());

    let mut generator = ChaCha8Rng::seed_from_u64(2);
    let (mut cached, mut computed) = (0, 0);
    for moment in 0..MOMENTS {
        let cache = folder.path().join(format!("{moment}"));
        for _ in 0..1 + moment % 2 {
            let mut child = child(&cache);
            std::thread::sleep(generator.random_range(Duration::ZERO..whole));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let resumed = surface(2.0, Duration::ZERO, &config(1 + moment % 5, Some(&cache))).unwrap();
        assert_eq!(bits(&resumed), expected);
        cached += usize::from(resumed.cached_rows > 0);
        computed += usize::from(resumed.cached_rows < ROWS);
    }
    // The kills were neither all before the first row nor all after the last.
    assert!(
        cached > MOMENTS / 5 && computed > MOMENTS / 5,
        "{cached}, {computed}"
    );
}

#[test]
fn a_finished_surface_is_not_computed_again() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let first = surface(2.0, Duration::ZERO, &config(2, Some(&cache))).unwrap();
    let second = surface(2.0, Duration::ZERO, &config(2, Some(&cache))).unwrap();
    assert_eq!((first.cached_rows, second.cached_rows), (0, ROWS));
    assert_eq!(bits(&first), bits(&second));
}

#[test]
fn another_model_never_sees_these_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    surface(2.0, Duration::ZERO, &config(2, Some(&cache))).unwrap();
    let other = surface(3.0, Duration::ZERO, &config(2, Some(&cache))).unwrap();
    assert_eq!(other.cached_rows, 0);
    let plain = surface(3.0, Duration::ZERO, &config(2, None)).unwrap();
    assert_eq!(bits(&other), bits(&plain));
}

#[test]
fn damage_is_noticed_wherever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let expected = bits(&surface(2.0, Duration::ZERO, &config(1, Some(&cache))).unwrap());
    let whole = fs::read(&cache).unwrap();
    for place in (16..whole.len()).step_by(61) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        fs::write(&cache, bytes).unwrap();
        let again = surface(2.0, Duration::ZERO, &config(2, Some(&cache))).unwrap();
        assert!(
            again.cached_rows < ROWS,
            "a flip of byte {place} was not noticed"
        );
        assert_eq!(bits(&again), expected);
    }
    for length in (0..whole.len()).step_by(53) {
        fs::write(&cache, &whole[..length]).unwrap();
        let again = surface(2.0, Duration::ZERO, &config(2, Some(&cache))).unwrap();
        assert_eq!(bits(&again), expected);
    }
}

#[test]
fn a_file_of_another_kind_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("thesis.txt");
    fs::write(&file, "three years of work").unwrap();
    let error = surface(2.0, Duration::ZERO, &config(1, Some(&file))).unwrap_err();
    assert!(matches!(error, Error::NotACache { .. }), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "three years of work");
}

#[test]
fn two_at_once_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let file = fs::File::create(&cache).unwrap();
    file.lock().unwrap();
    let error = surface(2.0, Duration::ZERO, &config(1, Some(&cache))).unwrap_err();
    assert!(matches!(error, Error::CacheLocked { .. }), "{error}");
}

#[test]
fn any_number_of_workers_gives_the_same_bits() {
    let one = surface(5.0, Duration::ZERO, &config(1, None)).unwrap();
    for workers in [2, 3, 8, 100] {
        let other = surface(5.0, Duration::ZERO, &config(workers, None)).unwrap();
        assert_eq!(bits(&one), bits(&other));
    }
}
