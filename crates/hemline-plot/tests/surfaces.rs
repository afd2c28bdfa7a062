//! Surfaces: what is behind is hidden, gaps are open, slips are typed errors, files are small.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod figures;
mod image;

use std::time::{Duration, Instant};

use hemline_plot::*;
use image::Image;
use proptest::prelude::*;

/// A surface over the unit square of 41 × 41 nodes.
fn square(height: impl Fn(f64, f64) -> f64) -> Surface {
    let x: Vec<f64> = (0..41).map(|i| f64::from(i) / 40.0).collect();
    let z: Vec<f64> = x
        .iter()
        .flat_map(|&y| x.iter().map(move |&x| (x, y)))
        .map(|(x, y)| height(x, y))
        .collect();
    Surface::new("t", SurfaceGrid::new(&x, &x, &z).unwrap())
        .height(Axis::linear("z").range(0.0, 1.0))
}

/// A path of one point.
fn point(x: f64, y: f64, height: f64) -> SurfacePath {
    SurfacePath::new("p", &[x], &[y], &[height], &[0.0]).unwrap()
}

fn seen_from(surface: Surface, azimuth: f64, elevation: f64) -> Image {
    let chart = SurfaceChart::new(surface).view(azimuth, elevation).unwrap();
    Image::of(&Figure::new(chart).size(500.0, 400.0))
}

/// The pixels in the red of the first path, which no surface has.
fn red(image: &Image) -> usize {
    image.count(|[red, green, blue]| red > 180 && green < 90 && blue < 80)
}

/// A wall across the middle, from left to right.
fn wall(_: f64, y: f64) -> f64 {
    if (y - 0.5).abs() < 0.06 { 1.0 } else { 0.0 }
}

#[test]
fn a_point_behind_the_surface_is_hidden_and_one_before_it_is_not() {
    let seen = |y: f64, azimuth: f64| {
        red(&seen_from(
            square(wall).path(point(0.5, y, 0.0)),
            azimuth,
            20.0,
        ))
    };
    let (before, behind) = (seen(0.2, -90.0), seen(0.8, -90.0));
    assert!(before > behind + 100, "{before} {behind}");
    // From the other side it is the other way round.
    assert_eq!((seen(0.8, 90.0), seen(0.2, 90.0)), (before, behind));
}

#[test]
fn a_point_under_the_surface_is_hidden_and_one_on_it_or_above_it_is_not() {
    let seen = |height: f64| {
        red(&seen_from(
            square(|_, _| 0.5).path(point(0.5, 0.5, height)),
            -60.0,
            40.0,
        ))
    };
    let (under, on, above) = (seen(0.3), seen(0.5), seen(0.7));
    assert!(on > under + 100, "{under} {on} {above}");
    assert_eq!(on, above);
}

#[test]
fn hidden_parts_are_drawn_where_they_are_asked_for() {
    let path = |height: f64| {
        let line: Vec<f64> = (0..20).map(|i| 0.1 + f64::from(i) / 25.0).collect();
        SurfacePath::new("p", &line, &line, &[height; 20], &line).unwrap()
    };
    let chart = |height: f64| SurfaceChart::new(square(|_, _| 0.5).path(path(height)));
    let of = |chart: SurfaceChart| Image::of(&Figure::new(chart).size(500.0, 400.0));
    let pale = |image: &Image| image.count(|[r, g, b]| r > 220 && g < 215 && b < 200 && r > g);
    let (without, with) = (of(chart(0.2)), of(chart(0.2).with_hidden_parts()));
    assert!(
        pale(&with) > pale(&without) + 150,
        "{} {}",
        pale(&with),
        pale(&without)
    );
    // Of a path that is seen whole there is nothing to add.
    let whole = [chart(0.8), chart(0.8).with_hidden_parts()]
        .map(|chart| Figure::new(chart).size(500.0, 400.0).to_png().unwrap());
    assert_eq!(whole[0], whole[1]);
}

#[test]
fn a_marker_that_a_wall_half_hides_is_cut() {
    // The middle of the marker is seen over the edge of the wall, its lower half is not.
    let count = |height: f64| {
        red(&seen_from(
            square(wall).path(point(0.5, 0.9, height)),
            -90.0,
            45.0,
        ))
    };
    let heights: Vec<usize> = (0..=40)
        .map(|i| count(0.3 + f64::from(i) / 200.0))
        .collect();
    let (hidden, seen) = (heights[0], heights[40]);
    assert!(seen > hidden + 100);
    let cut = |&&n: &&usize| n > hidden + 20 && n + 20 < seen;
    assert!(heights.iter().filter(cut).count() >= 1, "{heights:?}");
}

#[test]
fn cells_behind_others_are_covered() {
    // A plateau behind a wall that is higher.
    let height = |_: f64, y: f64| match y {
        y if (0.2..0.3).contains(&y) => 1.0,
        y if y > 0.5 => 0.6,
        _ => 0.0,
    };
    let plateau = ColorMap::Viridis.at(0.6);
    let share = |azimuth: f64| seen_from(square(height), azimuth, 8.0).share(plateau);
    // The colour bar has the colour, too.
    assert!(share(-90.0) < 0.002, "{}", share(-90.0));
    assert!(share(90.0) > 0.01, "{}", share(90.0));
}

#[test]
fn cells_meet_without_a_seam() {
    let chart = SurfaceChart::new(square(|_, _| 0.5))
        .view(-90.0, 90.0)
        .unwrap();
    let image = Image::of(&Figure::new(chart).size(500.0, 400.0));
    let floor = image.count(|pixel| pixel == [0xf6, 0xf7, 0xf9]);
    assert_eq!(floor, 0, "the floor shows between cells");
}

#[test]
fn gaps_are_open() {
    let torn = |x: f64, y: f64| {
        if (x - 0.5).hypot(y - 0.5) < 0.15 {
            f64::NAN
        } else {
            0.5
        }
    };
    let floor = |surface: Surface| {
        seen_from(surface, -90.0, 90.0).count(|pixel| pixel == [0xf6, 0xf7, 0xf9])
    };
    assert_eq!(floor(square(|_, _| 0.5)), 0);
    assert!(floor(square(torn)) > 2_000);
    // On a map they are grey.
    let gray = |surface: Surface| {
        Image::of(&Figure::new(ContourChart::new(surface))).share(Color::hex(0xe6_e9_ed))
    };
    assert!(gray(square(|x, y| x * y)) < 0.001);
    let share = gray(square(|x, y| if x < 0.5 { f64::INFINITY } else { y }));
    assert!(share > 0.2, "{share}");
}

#[test]
fn what_a_logarithmic_height_cannot_show_is_a_gap() {
    let half = |x: f64, _: f64| if x < 0.5 { -1.0 } else { x };
    let log = |surface: Surface| surface.height(Axis::logarithmic("loss"));
    let gray =
        Image::of(&Figure::new(ContourChart::new(log(square(half))))).share(Color::hex(0xe6_e9_ed));
    assert!(gray > 0.2, "{gray}");
    Figure::new(SurfaceChart::new(log(square(half))))
        .to_svg()
        .unwrap();
    for error in [
        Figure::new(SurfaceChart::new(log(square(|_, _| 0.0))))
            .to_svg()
            .unwrap_err(),
        Figure::new(ContourChart::new(log(square(|_, _| -1.0))))
            .to_svg()
            .unwrap_err(),
        SurfacePage::new(log(square(|_, _| f64::NAN)))
            .to_html()
            .unwrap_err(),
    ] {
        assert!(
            matches!(&error, PlotError::NothingFinite { axis, .. } if axis.contains("loss")),
            "{error}"
        );
    }
}

#[test]
fn what_lies_outside_of_the_range_is_a_gap() {
    let surface = || square(|x, _| x).height(Axis::linear("z").range(0.0, 0.5));
    let gray = Image::of(&Figure::new(ContourChart::new(surface()))).share(Color::hex(0xe6_e9_ed));
    assert!(gray > 0.2, "{gray}");
    Figure::new(SurfaceChart::new(surface().path(point(9.0, 9.0, 9.0))))
        .to_png()
        .unwrap();
    let nothing = square(|x, _| x).x(Axis::linear("first").range(5.0, 6.0));
    let error = Figure::new(SurfaceChart::new(nothing))
        .to_png()
        .unwrap_err();
    assert!(error.to_string().contains("first"), "{error}");
}

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
    let chart = || SurfaceChart::new(square(|x, _| x));
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
fn nothing_is_drawn_into_the_margin() {
    for name in [
        "surface",
        "surface_log",
        "surface_torn",
        "surface_hidden",
        "contour",
        "contour_torn",
    ] {
        for scale in [0.7, 1.0, 1.4] {
            let figure = figures::named(name);
            let (width, height) = figure.logical_size();
            let image = Image::of(&figure.size(width * scale, height * scale).pixel_ratio(1.0));
            let edge = 6;
            let is_inside = |x: usize, y: usize| {
                (edge..image.width - edge).contains(&x) && (edge..image.height - edge).contains(&y)
            };
            let stray = (0..image.height)
                .flat_map(|y| (0..image.width).map(move |x| (x, y)))
                .find(|&(x, y)| !is_inside(x, y) && image.at(x, y) != [255; 3]);
            assert_eq!(stray, None, "{name} at {scale}");
        }
    }
}

#[test]
fn the_same_surface_is_the_same_bytes() {
    let bytes = |name: &str| {
        (
            figures::named(name).to_png().unwrap(),
            figures::named(name).to_svg().unwrap(),
        )
    };
    for name in ["surface_log", "contour_torn"] {
        assert_eq!(bytes(name), bytes(name), "{name}");
    }
    assert_eq!(
        figures::page().to_html().unwrap(),
        figures::page().to_html().unwrap()
    );
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
