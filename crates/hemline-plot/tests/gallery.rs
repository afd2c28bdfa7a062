//! Draws every figure; with `HEMLINE_GALLERY` set to a folder, leaves them there to be looked at.

mod figures;

#[test]
fn every_figure_draws() {
    for (name, figure) in figures::all() {
        let (png, svg) = (figure.to_png().unwrap(), figure.to_svg().unwrap());
        assert!(png.len() > 4_000 && svg.len() > 2_000, "{name}");
        if let Some(folder) = std::env::var_os("HEMLINE_GALLERY") {
            let folder = std::path::Path::new(&folder);
            figure
                .save(folder.join(name).with_extension("png"))
                .unwrap();
            figure
                .save(folder.join(name).with_extension("svg"))
                .unwrap();
        }
    }
    let page = figures::report();
    assert_eq!(
        page.to_html().matches("<figcaption>").count(),
        figures::all().len()
    );
    if let Some(folder) = std::env::var_os("HEMLINE_GALLERY") {
        let folder = std::path::Path::new(&folder);
        page.save(folder.join("report.html")).unwrap();
        figures::page().save(folder.join("surface.html")).unwrap();
    }
}
