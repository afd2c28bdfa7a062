//! What is in the pictures of surfaces: what is behind is hidden, gaps are open, nothing is outside.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod figures;
mod image;

use hemline_plot::*;
use image::Image;

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
    let image = seen_from(square(|_, _| 0.5), -60.0, 50.0);
    // Round the middle there is nothing but the surface and its mesh lines, which are darker.
    let lightest = (image.height * 2 / 5..image.height * 3 / 5)
        .flat_map(|y| (image.width / 3..image.width / 2).map(move |x| (x, y)))
        .map(|(x, y)| image.at(x, y)[1])
        .max();
    let color = ColorMap::Viridis.at(0.5);
    assert_eq!(lightest, Some(color.green));
}

/// The area of a polygon, a line of an SVG document, in its units.
fn area(line: &str) -> f64 {
    let points = line.split("points=\"").nth(1).unwrap();
    let points = points.split('"').next().unwrap();
    let corner = |text: &str| {
        let (x, y) = text.split_once(',').unwrap();
        (x.parse::<f64>().unwrap(), y.parse::<f64>().unwrap())
    };
    let corners: Vec<(f64, f64)> = points.split_whitespace().map(corner).collect();
    let next = corners.iter().cycle().skip(1);
    let cross = corners.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1);
    cross.sum::<f64>().abs() / 2.0
}

#[test]
fn cells_overlap_in_drawings_whose_edges_are_smoothed() {
    let chart = SurfaceChart::new(square(|_, _| 0.5))
        .view(-90.0, 90.0)
        .unwrap();
    let svg = Figure::new(chart).size(500.0, 400.0).to_svg().unwrap();
    let color = ColorMap::Viridis.at(0.5);
    let fill = format!(
        "fill=\"#{:02X}{:02X}{:02X}\"",
        color.red, color.green, color.blue
    );
    let areas: Vec<f64> = svg
        .lines()
        .filter(|line| line.starts_with("<polygon") && line.contains(&fill))
        .map(area)
        .collect();
    assert_eq!(areas.len(), 1600);
    // Seen from above a cell is a square; each is drawn 0.45 of a pixel, 4.5 units, larger on each side.
    let largest = svg
        .lines()
        .filter(|line| line.starts_with("<polygon") && !line.contains(&fill))
        .map(area)
        .fold(0.0, f64::max);
    let side = largest.sqrt() / 40.0;
    for area in areas {
        let grown = area.sqrt() - side;
        assert!((6.0..12.0).contains(&grown), "{grown} of {side}");
    }
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
