//! What is in the pictures: ink where it belongs, every text inside and apart, the same bytes each time.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod figures;
mod image;

use hemline_plot::*;
use image::Image;

#[test]
fn sizes_follow_the_pixel_ratio() {
    for ratio in [1.0, 1.5, 2.0] {
        let image = Image::of(
            &Figure::new(figures::curves())
                .size(400.0, 300.0)
                .pixel_ratio(ratio),
        );
        assert_eq!(
            (image.width, image.height),
            ((400.0 * ratio) as usize, (300.0 * ratio) as usize)
        );
    }
}

#[test]
fn series_have_their_colours_and_the_rest_is_background() {
    let line = |name, y: &[f64]| Line::new(name, &[0.0, 1.0, 2.0], y).unwrap();
    let plot = Plot::new("t")
        .layer(line("a", &[0.0, 1.0, 0.0]))
        .layer(line("b", &[1.0, 0.0, 1.0]));
    let image = Image::of(&Figure::new(plot).size(400.0, 300.0));
    for color in &PALETTE[..2] {
        assert!(image.share(*color) > 0.002, "{}", image.share(*color));
    }
    assert_eq!(image.share(PALETTE[2]), 0.0);
    assert!(image.share(Color::WHITE) > 0.8);
    assert_eq!(image.at(0, 0), [255; 3]);
}

#[test]
fn a_gap_has_no_ink() {
    let image = |y: &[f64]| {
        let plot =
            Plot::new("t").layer(Line::new("a", &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], y).unwrap());
        Image::of(&Figure::new(plot).size(400.0, 300.0)).share(PALETTE[0])
    };
    let (whole, broken) = (
        image(&[0.0, 1.0, 0.5, 0.5, 1.0, 0.0]),
        image(&[0.0, 1.0, f64::NAN, 0.5, 1.0, 0.0]),
    );
    assert!(
        broken < 0.8 * whole && broken > 0.4 * whole,
        "{broken} of {whole}"
    );
}

#[test]
fn images_are_not_smoothed() {
    let tile = Tile::gray(2, 1, &[0, 200]).unwrap();
    let image = Image::of(&Figure::new(ImageGrid::new("").row("", vec![tile])).size(228.0, 128.0));
    let middle = image.height / 2;
    let row: Vec<[u8; 3]> = (60..image.width - 60)
        .map(|x| image.at(x, middle))
        .collect();
    assert!(
        row.iter()
            .all(|pixel| *pixel == [0; 3] || *pixel == [200; 3]),
        "{row:?}"
    );
    assert_eq!((row[0], row[row.len() - 1]), ([0; 3], [200; 3]));
}

#[test]
fn the_same_figure_is_the_same_bytes() {
    for ((name, first), (_, second)) in figures::all().into_iter().zip(figures::all()).step_by(4) {
        assert_eq!(first.to_png().unwrap(), second.to_png().unwrap(), "{name}");
        assert_eq!(first.to_svg().unwrap(), second.to_svg().unwrap(), "{name}");
    }
}

#[test]
fn no_text_is_outside_the_figure_or_on_another() {
    for (name, figure) in figures::all() {
        for scale in [1.0, 0.8, 1.3] {
            let (width, height) = figure.logical_size();
            let (width, height) = (width * scale, height * scale);
            let boxes = figures::named(name)
                .size(width, height)
                .text_boxes()
                .unwrap();
            assert!(boxes.len() > 3, "{name}");
            for (index, (text, area)) in boxes.iter().enumerate() {
                let inside = area.left >= 0.0
                    && area.top >= 0.0
                    && area.right <= width
                    && area.bottom <= height;
                assert!(inside, "{name} at {scale}: {text:?} is cut: {area:?}");
                for (other, place) in &boxes[..index] {
                    let apart = area.right <= place.left
                        || place.right <= area.left
                        || area.bottom <= place.top
                        || place.bottom <= area.top;
                    assert!(apart, "{name} at {scale}: {text:?} lies on {other:?}");
                }
            }
        }
    }
}

#[test]
fn a_row_without_a_name_shows_none() {
    let boxes = figures::named("most_wrong").text_boxes().unwrap();
    let letters = |text: &str| text.chars().any(char::is_alphanumeric);
    let stray = boxes.iter().find(|(text, _)| !letters(text));
    assert!(stray.is_none(), "{stray:?}");
}

#[test]
fn long_tick_labels_are_thinned_out() {
    let values = [123_450.001, 123_450.002, 123_450.006_5];
    let plot = Plot::new("t").layer(Line::new("l", &values, &[1.0, 2.0, 3.0]).unwrap());
    let boxes = Figure::new(plot).size(480.0, 300.0).text_boxes().unwrap();
    let lowest = boxes
        .iter()
        .map(|(_, area)| area.bottom)
        .fold(0.0, f64::max);
    let mut row: Vec<Rect> = boxes
        .iter()
        .map(|(_, area)| *area)
        .filter(|area| area.bottom > lowest - 1.0)
        .collect();
    row.sort_by(|a, b| a.left.total_cmp(&b.left));
    assert!(row.len() >= 2, "{row:?}");
    assert!(
        row.windows(2)
            .all(|pair| pair[0].right + 3.0 < pair[1].left),
        "{row:?}"
    );
}

#[test]
fn a_legend_stands_beside_the_data() {
    let boxes = figures::named("codes").text_boxes().unwrap();
    let is_class = |text: &str| figures::CLASSES.contains(&text);
    let (legend, others): (Vec<_>, Vec<_>) = boxes.iter().partition(|(text, _)| is_class(text));
    assert_eq!(legend.len(), figures::CLASSES.len());
    let first = legend
        .iter()
        .map(|(_, area)| area.left)
        .fold(f64::INFINITY, f64::min);
    let last = others
        .iter()
        .map(|(_, area)| area.right)
        .fold(0.0, f64::max);
    assert!(last < first, "{last} {first}");
}

#[test]
fn svg_is_escaped_and_names_itself() {
    let name = "a < b & \"c\"";
    let plot = Plot::new(name)
        .layer(Line::new(name, &[0.0, 1.0], &[0.0, 1.0]).unwrap())
        .with_legend();
    let svg = Figure::new(plot).to_svg().unwrap();
    assert!(svg.contains("a &lt; b &amp; &quot;c&quot;"));
    assert!(!svg.contains("a < b"));
    assert!(svg.contains("role=\"img\" aria-label=\"a &lt; b"));
    assert_eq!(svg.matches("<svg").count(), 1);
    assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
}

#[test]
fn files_are_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let figure = Figure::new(figures::importance()).size(400.0, 300.0);
    figure.save(folder.path().join("a.PNG")).unwrap();
    figure.save(folder.path().join("a.svg")).unwrap();
    assert!(matches!(
        figure.save(folder.path().join("a.jpeg")),
        Err(PlotError::UnsupportedExtension { found, .. }) if found == "jpeg"
    ));
    assert!(figure.save(folder.path().join("none")).is_err());
    let missing = folder.path().join("missing").join("a.png");
    let error = figure.save(&missing).unwrap_err();
    assert!(matches!(error, PlotError::Write { .. }) && error.to_string().contains("missing"));
    let report = HtmlReport::new("t").figure(&figure, "c").unwrap();
    report.save(folder.path().join("report.html")).unwrap();
    assert!(
        report
            .save(folder.path().join("missing").join("r.html"))
            .is_err()
    );
    let mut names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["a.PNG", "a.svg", "report.html"]);
}
