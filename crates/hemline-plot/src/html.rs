//! A self-contained HTML report: text, tables and figures in one file, without scripts or network.

use std::fmt::Write as _;
use std::path::Path;

use crate::error::PlotError;
use crate::figure::Figure;
use crate::write;

/// The look of the page: its own fonts are the reader's, its colours follow the reader's light or dark
/// preference, and figures stay on white, as they are drawn.
const STYLE: &str = include_str!("report.css");

/// A page that is built from top to bottom and written as one file.
///
/// Every text is escaped. Figures are inline SVG, so nothing is fetched and nothing runs.
///
/// ```
/// use hemline_plot::{BarChart, Figure, HtmlReport};
///
/// let chart = BarChart::new("Importance", "share", &["learning rate", "units"], &[0.8, 0.2])?;
/// let report = HtmlReport::new("Search & result")
///     .section("Best trials")
///     .table(&["trial", "accuracy"], &[vec!["7", "0.888"], vec!["3", "0.886"]])?
///     .figure(&Figure::new(chart), "What mattered most.")?;
/// assert!(report.to_html().contains("<h1>Search &amp; result</h1>"));
/// # Ok::<(), hemline_plot::PlotError>(())
/// ```
#[derive(Clone, Debug)]
pub struct HtmlReport {
    title: String,
    body: String,
    /// Names of the sections, for the table of contents.
    sections: Vec<String>,
}

impl HtmlReport {
    /// An empty page.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            body: String::new(),
            sections: Vec::new(),
        }
    }

    /// Starts a section.
    #[must_use]
    pub fn section(mut self, title: &str) -> Self {
        self.sections.push(title.to_owned());
        let number = self.sections.len();
        self.push(&format!(
            "<h2 id=\"section-{number}\">{}</h2>\n",
            escape(title)
        ));
        self
    }

    /// Starts a part of a section.
    #[must_use]
    pub fn subsection(mut self, title: &str) -> Self {
        self.push(&format!("<h3>{}</h3>\n", escape(title)));
        self
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn paragraph(mut self, text: &str) -> Self {
        self.push(&format!("<p>{}</p>\n", escape(text)));
        self
    }

    /// Adds text whose lines stay as they are, in a font of even width: a configuration, a log.
    #[must_use]
    pub fn preformatted(mut self, text: &str) -> Self {
        self.push(&format!("<pre>{}</pre>\n", escape(text)));
        self
    }

    /// Adds names with their values: the facts of a run.
    #[must_use]
    pub fn facts<N: AsRef<str>, V: AsRef<str>>(mut self, facts: &[(N, V)]) -> Self {
        self.body.push_str("<dl>\n");
        for (name, value) in facts {
            let (name, value) = (escape(name.as_ref()), escape(value.as_ref()));
            self.push(&format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n"));
        }
        self.body.push_str("</dl>\n");
        self
    }

    /// Adds a table; columns whose every cell reads as a number are aligned to the right.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without columns; [`PlotError::LengthMismatch`] for a row of another length.
    pub fn table<H: AsRef<str>, C: AsRef<str>>(
        mut self,
        header: &[H],
        rows: &[Vec<C>],
    ) -> Result<Self, PlotError> {
        if header.is_empty() {
            return Err(PlotError::empty("the header of a table"));
        }
        for (index, row) in rows.iter().enumerate() {
            let what = format!("the cells in row {index} of a table");
            PlotError::check_length(what, header.len(), row.len())?;
        }
        let class = |column: usize| {
            let is_numeric =
                !rows.is_empty() && rows.iter().all(|row| is_number(row[column].as_ref()));
            if is_numeric { " class=\"number\"" } else { "" }
        };
        let classes: Vec<&str> = (0..header.len()).map(class).collect();
        self.body
            .push_str("<div class=\"wide\"><table>\n<thead><tr>");
        for (name, class) in header.iter().zip(&classes) {
            self.push(&format!(
                "<th scope=\"col\"{class}>{}</th>",
                escape(name.as_ref())
            ));
        }
        self.body.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.body.push_str("<tr>");
            for (cell, class) in row.iter().zip(&classes) {
                self.push(&format!("<td{class}>{}</td>", escape(cell.as_ref())));
            }
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</tbody>\n</table></div>\n");
        Ok(self)
    }

    /// Adds a figure with its caption.
    ///
    /// # Errors
    ///
    /// Those of [`Figure::to_svg`].
    pub fn figure(mut self, figure: &Figure, caption: &str) -> Result<Self, PlotError> {
        let svg = figure.to_svg()?;
        let caption = escape(caption);
        self.push(&format!(
            "<figure>\n{svg}<figcaption>{caption}</figcaption>\n</figure>\n"
        ));
        Ok(self)
    }

    /// The whole page.
    pub fn to_html(&self) -> String {
        let mut contents = String::new();
        if self.sections.len() > 2 {
            contents.push_str("<nav aria-label=\"Contents\"><ul>\n");
            for (index, section) in self.sections.iter().enumerate() {
                let (number, name) = (index + 1, escape(section));
                // Writing to a String cannot fail.
                let _ = writeln!(
                    contents,
                    "<li><a href=\"#section-{number}\">{name}</a></li>"
                );
            }
            contents.push_str("</ul></nav>\n");
        }
        page(&self.title, "", &(contents + &self.body))
    }

    /// What stands under the title.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// Writes the page, under a temporary name first.
    ///
    /// # Errors
    ///
    /// [`PlotError::Write`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        write::write(path.as_ref(), self.to_html().as_bytes())
    }

    fn push(&mut self, html: &str) {
        self.body.push_str(html);
    }
}

/// A whole page, with `style` after the style that all pages share.
pub(crate) fn page(title: &str, style: &str, body: &str) -> String {
    let title = escape(title);
    // The empty icon keeps browsers from asking for one.
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n<style>\n{STYLE}{style}</style>\n\
         </head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// Whether a cell is a number, a number with a unit sign, or left open.
fn is_number(cell: &str) -> bool {
    let plain = cell
        .trim()
        .trim_end_matches(['%', ' '])
        .replace('−', "-")
        .replace(',', "");
    matches!(plain.as_str(), "" | "–" | "—") || plain.parse::<f64>().is_ok()
}

/// `text` with the characters that mean something in HTML and SVG, in text and attributes, replaced;
/// control characters, which neither allows, are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_given_becomes_markup() {
        let evil = "<script>alert('x')</script>\u{0}\" onload=\"y";
        let page = HtmlReport::new(evil)
            .section(evil)
            .paragraph(evil)
            .preformatted(evil)
            .facts(&[(evil, evil)])
            .table(&[evil], &[vec![evil]])
            .unwrap()
            .to_html();
        assert!(
            !page.contains("<script") && !page.contains("\" onload") && !page.contains('\u{0}')
        );
        assert_eq!(page.matches("&lt;script&gt;").count(), 9);
    }

    #[test]
    fn tables_are_checked_and_numbers_aligned() {
        let table = |row: Vec<&str>| HtmlReport::new("t").table(&["a", "b"], &[row]);
        assert!(matches!(
            table(vec!["1"]),
            Err(PlotError::LengthMismatch { .. })
        ));
        assert!(HtmlReport::new("t").table::<&str, &str>(&[], &[]).is_err());
        let page = table(vec!["ReLU", "−1.5 %"]).unwrap().to_html();
        assert!(page.contains("<td>ReLU</td><td class=\"number\">−1.5 %</td>"));
    }
}
