//! Opens pages in headless Chromium as a person would, and asks them whether all is well.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The names under which Chromium is installed.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// What a page is asked once it is loaded: which resources it fetched; which charts have no size or no
/// marks; whether plotly's plots are drawn and do what their switches say; whether anything is wider than
/// the window.
const QUESTIONS: &str = include_str!("questions.js");

/// A hint of the browser to the authors of plotly, which reads back the text that it draws.
const HARMLESS: &str = "willReadFrequently";

/// The browser, or `None` where the test is to be skipped. Where `HEMLINE_REQUIRE_BROWSER` is 1, absence
/// is a failure.
pub(crate) fn browser() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|path| path.is_file());
    if found.is_none() {
        let required = std::env::var_os("HEMLINE_REQUIRE_BROWSER").is_some_and(|v| v == "1");
        assert!(
            !required,
            "HEMLINE_REQUIRE_BROWSER is 1, but there is no Chromium"
        );
        eprintln!("skipped: there is no Chromium");
    }
    found
}

/// How often a page is opened that the browser shut before it could answer, as it does now and then where
/// several of them start on a busy machine.
const ATTEMPTS: usize = 3;

/// Opens a copy of the page in a window of this width; returns the answers to [`QUESTIONS`] and what the
/// browser logged.
pub(crate) fn ask(browser: &Path, page: &Path, width: u32) -> (Value, String) {
    let mut log = String::new();
    for _ in 0..ATTEMPTS {
        let answer;
        (answer, log) = ask_once(browser, page, width);
        if let Some(answer) = answer {
            return (answer, log);
        }
    }
    panic!("the page did not answer:\n{log}")
}

fn ask_once(browser: &Path, page: &Path, width: u32) -> (Option<Value>, String) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let html = std::fs::read_to_string(page).expect("the page is there");
    let end = html.rfind("</body>").expect("the page is whole");
    let copy = folder.path().join("page.html");
    let asked = format!(
        "{}<script>{QUESTIONS}</script>{}",
        &html[..end],
        &html[end..]
    );
    std::fs::write(&copy, asked).expect("the copy can be written");
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            // WebGL in software, so that no graphics processor is needed.
            "--use-angle=swiftshader",
            "--enable-unsafe-swiftshader",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-logging=stderr",
            // Whatever asks for a host is told that there is none.
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--virtual-time-budget=20000",
            "--dump-dom",
        ])
        .arg(format!("--window-size={width},1000"))
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!("file://{}", copy.display()))
        .output()
        .expect("Chromium starts");
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let answer = dom
        .rsplit_once("<pre id=\"answer\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"));
    let answer = answer.map(|(answer, _)| {
        let answer = answer
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        serde_json::from_str(&answer).expect("the answer is JSON")
    });
    (answer, log)
}

/// Opens the page and makes sure that it has `charts` charts, that none is blank, and that it neither
/// complains nor fetches anything nor is wider than its window. Returns its answers.
#[track_caller]
pub(crate) fn check(browser: &Path, page: &Path, width: u32, charts: u64) -> Value {
    let (answer, log) = ask(browser, page, width);
    let complaints: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("CONSOLE") && !line.contains(HARMLESS))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert_eq!(answer["error"], Value::Null, "{answer}");
    let nothing = serde_json::json!([]);
    assert_eq!(answer["fetched"], nothing, "the page fetches something");
    assert_eq!(answer["charts"], charts, "{answer}");
    assert_eq!(answer["blank"], 0, "{answer}");
    let overflow = answer["overflow"].as_i64();
    assert!(overflow.is_some_and(|pixels| pixels <= 0), "{answer}");
    let heading = answer["heading"].as_str();
    assert!(heading.is_some_and(|text| !text.is_empty()), "{answer}");
    answer
}

/// Makes sure that the page shows a surface with `runs` runs, wide and narrow, and that its switches do
/// what they say. The page has `charts` other charts.
#[track_caller]
pub(crate) fn check_surface(browser: &Path, page: &Path, runs: usize, charts: u64) {
    for width in [1280, 500] {
        let answer = check(browser, page, width, charts);
        let plots = answer["plots"].as_array().expect("a list");
        assert_eq!(plots.len(), 1, "{answer}");
        let plot = &plots[0];
        let size = |name: &str| plot[name].as_f64().expect("a number");
        assert!(size("width") > 300.0 && size("height") > 300.0, "{plot}");
        for colors in plot["seen"].as_array().expect("a list") {
            assert!(colors.as_u64().is_some_and(|n| n > 100), "blank: {plot}");
        }
        let hover = |name: &str| plot["hover"][name].as_f64().unwrap_or(f64::NAN);
        let (said, truth) = (hover("value"), hover("truth"));
        assert!((said / truth - 1.0).abs() < 1e-3, "{}", plot["hover"]);
        let states = plot["states"].as_array().expect("a list");
        // The other scale, each run, and the glass.
        assert_eq!(states.len(), 1 + 1 + runs + 1, "{plot}");
        let shown = |state: &Value| {
            let traces = state["shown"].as_array().expect("a list");
            traces
                .iter()
                .filter(|shown| **shown == Value::Bool(true))
                .count()
        };
        // The surface, and of each run the path, its start and its end.
        assert_eq!(shown(&states[0]), 1 + 3 * runs, "{plot}");
        for pair in states.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            match after["pressed"].as_str().expect("a name") {
                "linear" | "log" => {
                    assert_ne!(before["top"], after["top"], "{plot}");
                    assert_ne!(before["texts"], after["texts"], "{plot}");
                }
                "glass" => assert_eq!(
                    (&before["opacity"], &after["opacity"]),
                    (&1.into(), &0.55.into())
                ),
                _ => assert_eq!(shown(after) + 3, shown(before), "{plot}"),
            }
        }
    }
}
