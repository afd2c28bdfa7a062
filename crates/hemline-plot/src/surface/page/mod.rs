//! A surface to be turned by hand: one HTML file with everything in it.

mod data;
mod plotly;

use std::fmt::Write as _;
use std::path::Path;

use crate::error::PlotError;
use crate::figure::Figure;
use crate::html::{self, HtmlReport, escape};
use crate::surface::definition::Surface;
use crate::surface::fitted::FittedSurface;
use crate::surface::run_color;
use crate::write;
use data::PageData;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A [`Surface`] on a page of its own, to be turned, and asked for its values with the pointer.
///
/// The page holds its data and the script that draws them, [plotly.js](https://plotly.com/javascript/) with
/// WebGL, and fetches nothing: it works from a folder, without network. Over the surface it shows x, y and
/// the value, over a path the time, the value and the path's columns. Paths can be switched off, values be
/// laid out linearly or logarithmically, and the surface be made transparent, so that a path under it is
/// seen. Paths are drawn 1.2 % of the height above their place, and the marks of their ends 3 %, since
/// what lies in a surface would be half buried. Grids are thinned to 256 cells along each side. The script takes 1.75 MB of the page.
///
/// ```
/// use hemline_plot::{Axis, Surface, SurfaceGrid, SurfacePage};
///
/// let grid = SurfaceGrid::new(&[0.0, 1.0], &[0.0, 1.0], &[0.5, 1.0, 2.0, f64::NAN])?;
/// let surface = Surface::new("Loss", grid).height(Axis::logarithmic("cross-entropy (nats)"));
/// let page = SurfacePage::new(surface).paragraph("The loss on 2,500 training images.");
/// assert!(page.to_html()?.contains("cross-entropy (nats)"));
/// # Ok::<(), hemline_plot::PlotError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SurfacePage {
    surface: Surface,
    above: HtmlReport,
    below: HtmlReport,
}

impl SurfacePage {
    /// A page with the surface alone, under its title.
    pub fn new(surface: Surface) -> Self {
        Self {
            surface,
            above: HtmlReport::new(""),
            below: HtmlReport::new(""),
        }
    }

    /// Adds a paragraph above the surface.
    #[must_use]
    pub fn paragraph(mut self, text: &str) -> Self {
        self.above = self.above.paragraph(text);
        self
    }

    /// Adds a figure below the surface.
    ///
    /// # Errors
    ///
    /// Those of [`Figure::to_svg`].
    pub fn figure(mut self, figure: &Figure, caption: &str) -> Result<Self, PlotError> {
        self.below = self.below.figure(figure, caption)?;
        Ok(self)
    }

    /// The whole page.
    ///
    /// # Errors
    ///
    /// [`PlotError::NothingFinite`] where an axis can show nothing, [`PlotError::InvalidValue`] where the
    /// range of one cannot be.
    pub fn to_html(&self) -> Result<String, PlotError> {
        let fitted = FittedSurface::new(&self.surface)?;
        let data = PageData::new(&self.surface, &fitted)?;
        let body = format!(
            "{}<div class=\"view\">\n{}<div id=\"plot\" role=\"img\" aria-label=\"{}\"></div>\n</div>\n\
             <noscript><p>The picture in three dimensions needs JavaScript and WebGL.</p></noscript>\n{}\
             <script type=\"application/json\" id=\"surface\">{}</script>\n\
             <script>{}</script>\n<script>\n{SCRIPT}</script>\n",
            self.above.body(),
            self.keys(&data),
            escape(&self.surface.title),
            self.below.body(),
            in_script(&data.to_json()),
            plotly::script()?,
        );
        Ok(html::page(&self.surface.title, STYLE, &body))
    }

    /// Writes the page, under a temporary name first.
    ///
    /// # Errors
    ///
    /// [`PlotError::Write`], and those of [`Self::to_html`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        write::write(path.as_ref(), self.to_html()?.as_bytes())
    }

    /// The switches, which are the legend too.
    fn keys(&self, data: &PageData) -> String {
        let mut keys = String::from("<form class=\"keys\" autocomplete=\"off\">\n");
        if !self.surface.paths.is_empty() {
            keys.push_str("<fieldset><legend>Runs</legend>\n");
        }
        for (run, path) in self.surface.paths.iter().enumerate() {
            let [early, middle, late] = [0.0, 0.5, 1.0].map(|t| data::css(run_color::at(run, t)));
            let label = match path.label() {
                label if label.is_empty() => format!("run {}", run + 1),
                label => escape(&label),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(
                keys,
                "<label><input type=\"checkbox\" id=\"run-{run}\" checked>\
                 <i style=\"background:linear-gradient(to right,{early},{middle},{late})\"></i>{label}</label>"
            );
        }
        if let Some((first, last)) = data.first_and_last() {
            let time = escape(&self.surface.time.label);
            let _ = writeln!(
                keys,
                "<small>pale to dark: {time} {first} to {last}; square: start, diamond: end</small></fieldset>"
            );
        }
        let [linear, log] = if data.starts_log {
            ["", " checked"]
        } else {
            [" checked", ""]
        };
        let unable = if data.can_be_log() { "" } else { " disabled" };
        let _ = writeln!(
            keys,
            "<fieldset><legend>Height</legend>\n\
             <label><input type=\"radio\" name=\"scale\" value=\"linear\"{linear}>linear</label>\n\
             <label><input type=\"radio\" name=\"scale\" value=\"log\"{log}{unable}>logarithmic</label></fieldset>\n\
             <label><input type=\"checkbox\" id=\"glass\">transparent surface</label>\n</form>"
        );
        keys
    }
}

/// JSON as it may stand in a script element: a "<" in it, which only strings hold, neither ends the
/// element nor starts a comment.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}
