//! Whatever numbers go in, a chart draws or gives an error: it neither panics nor hangs.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

use std::time::{Duration, Instant};

use hemline_plot::*;
use proptest::prelude::*;

fn small(chart: impl Chart + 'static) -> Figure {
    Figure::new(chart).size(300.0, 220.0).pixel_ratio(1.0)
}

fn draws_or_says_why(figure: &Figure) -> Result<(), PlotError> {
    figure.to_svg()?;
    figure.to_png()?;
    Ok(())
}

fn line(x: &[f64], y: &[f64], axis: Axis) -> Plot {
    let band = Line::new("band", x, y)
        .unwrap()
        .band(y, x)
        .unwrap()
        .dash(Dash::Dashed);
    Plot::new("t").y(axis).layer(band).layer(
        Line::new("b", x, y)
            .unwrap()
            .stepped()
            .marker(Marker::Diamond),
    )
}

/// Numbers of every kind, the odd ones as often as the others.
fn number() -> impl Strategy<Value = f64> {
    let odd = prop::sample::select(vec![
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        -5e-324,
        0.0,
        -0.0,
        1.0,
        1.0 + f64::EPSILON,
        1e300,
        -1e300,
    ]);
    prop_oneof![odd, -1e3_f64..1e3, any::<f64>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_and_points(values in prop::collection::vec((number(), number()), 1..40)) {
        let (x, y): (Vec<f64>, Vec<f64>) = values.into_iter().unzip();
        for axis in [Axis::linear("y"), Axis::logarithmic("y"), Axis::linear("y").range(-1.0, 2.0).reversed()] {
            // An error is fine: what must not happen is a panic or an endless loop.
            let _ = draws_or_says_why(&small(line(&x, &y, axis)));
        }
        let points = Plot::new("t").x(Axis::logarithmic("x")).layer(Points::new("p", &x, &y).unwrap());
        let _ = draws_or_says_why(&small(points));
        let seen = x.iter().chain(&y).filter(|v| v.is_finite()).count();
        if seen == x.len() * 2 {
            draws_or_says_why(&small(line(&x, &y, Axis::linear("y")))).unwrap();
        }
    }

    #[test]
    fn the_other_charts(values in prop::collection::vec(number(), 1..30)) {
        let names: Vec<String> = (0..values.len()).map(|index| format!("name {index}")).collect();
        let _ = draws_or_says_why(&small(BarChart::new("t", "x", &names, &values).unwrap()));
        if let Ok(histogram) = Histogram::new("h", &values) {
            draws_or_says_why(&small(Plot::new("t").layer(histogram))).unwrap();
        }
        let map = HeatMap::new("t", ("r", &["only"]), ("c", &names), "value", &values).unwrap();
        let _ = draws_or_says_why(&small(map));
        let dimensions = vec![
            Dimension::new(Axis::linear("a"), &values).unwrap(),
            Dimension::new(Axis::logarithmic("b"), &values).unwrap(),
            Dimension::choices("c", &values).unwrap(),
        ];
        for better in [Better::Higher, Better::Lower] {
            let chart = ParallelCoordinates::new("t", dimensions.clone(), Axis::linear("s"), &values, better);
            let _ = draws_or_says_why(&Figure::new(chart.unwrap()).size(500.0, 300.0).pixel_ratio(1.0));
        }
    }

    #[test]
    fn any_text_is_escaped_and_fits(text in any::<String>()) {
        let plot = Plot::new(text.as_str())
            .x(Axis::linear(text.as_str()))
            .y(Axis::linear(text.as_str()))
            .layer(Line::new(text.as_str(), &[0.0, 1.0], &[0.0, 1.0]).unwrap())
            .with_legend();
        let svg = small(plot).to_svg().unwrap();
        prop_assert!(svg.matches("<text").count() <= 40);
        prop_assert!(!svg.contains(char::from(0)), "a control character");
    }
}

#[test]
fn series_that_are_hardly_any() {
    for (x, y) in [
        (vec![1.0], vec![2.0]),
        (vec![1.0; 5], vec![2.0; 5]),
        (vec![0.0, 1.0, 2.0], vec![1.0, f64::NAN, 3.0]),
        (vec![1.0, 2.0], vec![f64::MAX, f64::MIN]),
    ] {
        draws_or_says_why(&small(line(&x, &y, Axis::linear("y")))).unwrap();
    }
    let nothing = small(Plot::new("t").layer(Line::new("l", &[1.0], &[f64::NAN]).unwrap()));
    assert!(matches!(
        nothing.to_png(),
        Err(PlotError::NothingFinite { .. })
    ));
    let negative = Plot::new("t")
        .y(Axis::logarithmic("loss"))
        .layer(Line::new("l", &[1.0], &[-1.0]).unwrap());
    assert!(
        small(negative)
            .to_png()
            .unwrap_err()
            .to_string()
            .contains("loss")
    );
}

#[test]
fn a_million_points_take_seconds_and_no_large_file() {
    let x: Vec<f64> = (0..1_000_000).map(f64::from).collect();
    let y: Vec<f64> = x
        .iter()
        .map(|x| (x * 0.37).sin() + (x * 1e-5).cos())
        .collect();
    let start = Instant::now();
    for plot in [
        Plot::new("sorted").layer(Line::new("l", &x, &y).unwrap()),
        Plot::new("back and forth").layer(Line::new("l", &y, &x).unwrap()),
        Plot::new("points").layer(Points::new("p", &y, &x).unwrap()),
        Plot::new("dashes").layer(Line::new("l", &x, &y).unwrap().dash(Dash::Dotted)),
    ] {
        let svg = small(plot).to_svg().unwrap();
        assert!(svg.len() < 20_000_000, "{}", svg.len());
    }
    small(Plot::new("sorted").layer(Line::new("l", &x, &y).unwrap()))
        .to_png()
        .unwrap();
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn slips_are_typed_errors() {
    let ok = || Plot::new("t").layer(Line::new("l", &[0.0, 1.0], &[0.0, 1.0]).unwrap());
    assert!(matches!(
        Line::new("l", &[], &[]),
        Err(PlotError::Empty { .. })
    ));
    assert!(matches!(
        Line::new("l", &[1.0], &[]),
        Err(PlotError::LengthMismatch {
            expected: 1,
            found: 0,
            ..
        })
    ));
    assert!(
        Line::new("l", &[1.0], &[1.0])
            .unwrap()
            .band(&[], &[1.0])
            .is_err()
    );
    assert!(Line::of_function("f", (1.0, f64::NAN), |x| x).is_err());
    assert!(matches!(
        Figure::new(Plot::new("t")).to_svg(),
        Err(PlotError::Empty { .. })
    ));
    assert!(matches!(
        Figure::new(Panels::rows()).to_svg(),
        Err(PlotError::Empty { .. })
    ));
    assert!(
        Figure::new(Panels::rows().panel(f64::NAN, ok()))
            .to_svg()
            .is_err()
    );
    assert!(matches!(
        Figure::new(ImageGrid::new("t")).to_svg(),
        Err(PlotError::Empty { .. })
    ));
    assert!(ClassPoints::new(&[1.0], &[1.0], &[3], &["a"]).is_err());
    assert!(HeatMap::confusion("t", &["a", "b"], &[1, 2, 3]).is_err());
    assert!(HeatMap::confusion::<&str>("t", &[], &[]).is_err());
    assert!(Tile::gray(2, 2, &[0; 3]).is_err() && Tile::gray(0, 2, &[]).is_err());
    assert!(Tile::mapped(1, 1, &[0.0], (1.0, 0.0), ColorMap::Viridis).is_err());
    assert!(Tile::gray(usize::MAX, 2, &[]).is_err());
    for (width, height, ratio) in [
        (0.0, 9.0, 1.0),
        (f64::NAN, 9.0, 1.0),
        (1e9, 9.0, 1.0),
        (90.0, 90.0, 0.0),
        (9e4, 9e4, 1.0),
    ] {
        let figure = Figure::new(ok()).size(width, height).pixel_ratio(ratio);
        assert!(
            matches!(figure.to_png(), Err(PlotError::InvalidSize { .. })),
            "{width} {height} {ratio}"
        );
    }
    assert!(matches!(
        Figure::new(ok()).size(60.0, 40.0).to_png(),
        Err(PlotError::TooSmall { .. })
    ));
}
