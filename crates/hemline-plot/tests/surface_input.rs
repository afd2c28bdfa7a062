//! Whatever a surface is given, it is drawn, or refused by a typed error; in time, and in files of some size.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod figures;

use std::time::{Duration, Instant};

use hemline_plot::*;
use proptest::prelude::*;

#[test]
fn slips_are_typed_errors() {
    let grid = SurfaceGrid::new;
    assert!(matches!(
        grid(&[0.0, 1.0], &[0.0, 1.0, 2.0], &[0.0; 5]),
        Err(PlotError::LengthMismatch {
            expected: 6,
            found: 5,
            ..
        })
    ));
    let invalid = |result: Result<SurfaceGrid, PlotError>, names: &str| {
        let error = result.unwrap_err();
        assert!(matches!(error, PlotError::InvalidValue { .. }), "{error}");
        assert!(error.to_string().contains(names), "{error}");
    };
    invalid(grid(&[0.0], &[0.0, 1.0], &[0.0; 2]), "x coordinates");
    invalid(grid(&[0.0, 1.0], &[], &[]), "y coordinates");
    invalid(grid(&[0.0, 2.0, 1.0], &[0.0, 1.0], &[0.0; 6]), "x[2]");
    invalid(grid(&[0.0, 1.0], &[0.0, 0.0], &[0.0; 4]), "y[1]");
    invalid(grid(&[0.0, f64::NAN], &[0.0, 1.0], &[0.0; 4]), "x[1]");
    invalid(grid(&[0.0, 1.0], &[0.0, f64::INFINITY], &[0.0; 4]), "y[1]");

    let path = |x: &[f64], y: &[f64], z: &[f64], t: &[f64]| SurfacePath::new("run 3", x, y, z, t);
    assert!(matches!(
        path(&[], &[], &[], &[]),
        Err(PlotError::Empty { .. })
    ));
    for wrong in [
        path(&[1.0], &[], &[1.0], &[1.0]),
        path(&[1.0], &[1.0], &[1.0; 2], &[1.0]),
        path(&[1.0], &[1.0], &[1.0], &[]),
        path(&[1.0], &[1.0], &[1.0], &[1.0])
            .unwrap()
            .column("c", &[]),
    ] {
        assert!(
            matches!(wrong, Err(PlotError::LengthMismatch { .. })),
            "{wrong:?}"
        );
    }
    for wrong in [
        path(&[f64::NAN], &[1.0], &[1.0], &[1.0]),
        path(&[1.0], &[f64::INFINITY], &[1.0], &[1.0]),
        path(&[1.0], &[1.0], &[1.0], &[f64::NAN]),
    ] {
        let error = wrong.unwrap_err();
        assert!(
            matches!(error, PlotError::InvalidValue { .. }) && error.to_string().contains("run 3")
        );
    }
    // A height may be missing.
    assert!(path(&[1.0], &[1.0], &[f64::NAN], &[1.0]).is_ok());
    let chart = || SurfaceChart::new(Surface::new("t", figures::landscape_grid(9, 7)));
    for (azimuth, elevation) in [(f64::NAN, 30.0), (0.0, 0.0), (0.0, 91.0)] {
        assert!(matches!(
            chart().view(azimuth, elevation),
            Err(PlotError::InvalidValue { .. })
        ));
    }
    let small = Figure::new(chart()).size(150.0, 80.0).to_png().unwrap_err();
    assert!(matches!(small, PlotError::TooSmall { .. }), "{small}");
}

#[test]
fn large_grids_and_long_paths_take_seconds_and_make_no_large_file() {
    let start = Instant::now();
    let mut noise = figures::Noise(3);
    let far: Vec<f64> = (0..100_000)
        .map(|_| 20.0 * noise.uniform() - 10.0)
        .collect();
    let time: Vec<f64> = figures::upto(far.len());
    let path = SurfacePath::new(
        "back and forth",
        &far,
        &time.iter().map(|t| t.sin()).collect::<Vec<f64>>(),
        &[2.0; 100_000],
        &time,
    );
    let surface = figures::landscape(600, 500, figures::log_loss()).path(path.unwrap());
    let svg = Figure::new(SurfaceChart::new(surface.clone()))
        .to_svg()
        .unwrap();
    assert!(svg.len() < 9_000_000, "{}", svg.len());
    let map = Figure::new(ContourChart::new(surface.clone()))
        .to_svg()
        .unwrap();
    assert!(map.len() < 9_000_000, "{}", map.len());
    let without = Figure::new(SurfaceChart::new(figures::landscape(
        200,
        200,
        figures::log_loss(),
    )));
    let svg = without.to_svg().unwrap();
    assert!(svg.len() < 3_000_000, "{}", svg.len());
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

fn number() -> impl Strategy<Value = f64> {
    let odd = prop::sample::select(vec![
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        5e-324,
        -1e-310,
        0.0,
        -0.0,
        1.0,
        1e300,
    ]);
    prop_oneof![odd, -10.0_f64..10.0, any::<f64>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_given_is_drawn_or_refused(
        mut x in prop::collection::vec(number(), 2..7),
        mut y in prop::collection::vec(number(), 2..7),
        values in prop::collection::vec(number(), 36),
        places in prop::collection::vec((number(), number(), number()), 1..30),
        (azimuth, elevation) in (number(), 0.01_f64..=90.0),
        text in any::<String>(),
    ) {
        for axis in [&mut x, &mut y] {
            axis.retain(|value| value.is_finite());
            axis.sort_by(f64::total_cmp);
            axis.dedup_by(|a, b| a <= b);
        }
        let Ok(grid) = SurfaceGrid::new(&x, &y, &values[..x.len() * y.len()]) else { return Ok(()) };
        let places: Vec<_> = places.into_iter().filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
        for axis in [Axis::linear("z"), Axis::logarithmic("z"), Axis::linear("z").range(-1.0, 1.0).reversed()] {
            let mut surface = Surface::new(text.as_str(), grid.clone())
                .height(axis)
                .x(Axis::linear(text.as_str()).reversed());
            if !places.is_empty() {
                let of = |part: fn(&(f64, f64, f64)) -> f64| places.iter().map(part).collect::<Vec<f64>>();
                let time: Vec<f64> = of(|p| p.0);
                let path = SurfacePath::new(text.as_str(), &of(|p| p.0), &of(|p| p.1), &of(|p| p.2), &time).unwrap();
                surface = surface.path(path.column(text.as_str(), &of(|p| p.2)).unwrap());
            }
            let chart = SurfaceChart::new(surface.clone()).with_hidden_parts();
            let chart = if azimuth.is_finite() { chart.view(azimuth, elevation).unwrap() } else { chart };
            // An error is fine: what must not happen is a panic or an endless loop.
            let _ = Figure::new(chart).size(420.0, 320.0).pixel_ratio(1.0).to_png();
            let _ = Figure::new(ContourChart::new(surface.clone())).size(420.0, 320.0).pixel_ratio(1.0).to_svg();
            if let Ok(page) = SurfacePage::new(surface).to_html() {
                let (_, rest) = page.split_once("id=\"surface\">").unwrap();
                let (data, _) = rest.split_once("</script>").unwrap();
                prop_assert!(serde_json::from_str::<serde_json::Value>(data).is_ok());
            }
        }
    }
}

#[test]
fn the_page_holds_the_numbers_and_no_foreign_markup() {
    let evil = "</script><img src=x onerror=alert(1)><!--\u{2028}";
    let grid = SurfaceGrid::new(
        &[0.0, 1.0],
        &[0.0, 2.0, 4.0],
        &[1.0, 2.0, f64::NAN, 4.0, 5.0, -6.0],
    )
    .unwrap();
    let path = SurfacePath::new(evil, &[0.5], &[1.0], &[f64::INFINITY], &[7.0])
        .unwrap()
        .note(evil)
        .column(evil, &[f64::NAN])
        .unwrap();
    let surface = Surface::new(evil, grid)
        .x(Axis::linear(evil))
        .y(Axis::linear(evil))
        .height(Axis::linear(evil))
        .time(Axis::linear(evil))
        .path(path);
    let page = SurfacePage::new(surface).paragraph(evil).to_html().unwrap();
    assert_eq!(page.matches("</script>").count(), 3);
    assert!(!page.contains("<img src=x"));
    let (_, rest) = page.split_once("id=\"surface\">").unwrap();
    let data: serde_json::Value =
        serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    assert_eq!(
        data["z"],
        serde_json::json!([[1.0, 2.0], [null, 4.0], [5.0, -6.0]])
    );
    assert_eq!(data["y"], serde_json::json!([0.0, 2.0, 4.0]));
    let run = &data["paths"][0];
    assert_eq!(run["height"], serde_json::json!([null]));
    assert_eq!(run["columns"][0]["name"], evil);
    assert_eq!(data["height"], evil);
}
