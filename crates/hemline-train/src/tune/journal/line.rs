//! One line of a journal: a JSON object that opens with a check of itself.
//!
//! `{"check":"<16 hex digits>",<fields>}` or, for a trial, `{"check":…,<fields>,"seconds":<time>}`.
//! `{"check":…,"note":"<text>","seconds":<time>}` is a note about the run, and no part of its result.
//! The check is the first 64 bits of the SHA-256 of `<fields>`. Times stand outside of it, so that two
//! runs of a study differ in the digits after `"seconds":` and nowhere else.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::tune::TuneError;

const OPENING: &str = "{\"check\":\"";
const AFTER_CHECK: &str = "\",";
const BEFORE_SECONDS: &str = ",\"seconds\":";
const CHECK_DIGITS: usize = 16;
const NOTE: &str = "\"note\":";

/// Writes a line, newline included.
pub(super) fn encode(fields: &impl Serialize, seconds: Option<f64>) -> Result<String, TuneError> {
    let object = serde_json::to_string(fields).map_err(|source| TuneError::Encode { source })?;
    let inner = object
        .trim_start_matches('{')
        .strip_suffix('}')
        .unwrap_or_default();
    let seconds = seconds.map_or_else(String::new, |time| format!("{BEFORE_SECONDS}{time:.6}"));
    Ok(format!(
        "{OPENING}{}{AFTER_CHECK}{inner}{seconds}}}\n",
        check(inner)
    ))
}

/// Reads a line without its newline; the error says what is wrong with it.
pub(super) fn decode<T: DeserializeOwned>(line: &str) -> Result<(T, Option<f64>), String> {
    let (found, rest) = split_check(line).ok_or("the line does not open with its check")?;
    let rest = rest.strip_suffix('}').ok_or("the line is cut short")?;
    let (inner, seconds) = match rest.rsplit_once(BEFORE_SECONDS) {
        Some((inner, digits)) => {
            let time: f64 = digits
                .parse()
                .map_err(|_| format!("the time is {digits:?}"))?;
            if !(time.is_finite() && time >= 0.0) {
                return Err(format!("the time is {time}"));
            }
            (inner, Some(time))
        }
        None => (rest, None),
    };
    let expected = check(inner);
    if found != expected {
        return Err(format!("the check is {found}, the content has {expected}"));
    }
    let fields = serde_json::from_str(&format!("{{{inner}}}")).map_err(|e| e.to_string())?;
    Ok((fields, seconds))
}

/// A journal without its times, and without the notes about places that came and went: of two runs of one
/// study, whatever their workers, places or interruptions, the results are byte for byte the same.
///
/// ```
/// use hemline_train::tune::without_times;
///
/// let line = r#"{"check":"00","trial":0,"seconds":0.125}"#;
/// assert_eq!(without_times(line), "{\"check\":\"00\",\"trial\":0}\n");
/// ```
pub fn without_times(journal: &str) -> String {
    let strip = |line: &str| match line.rsplit_once(BEFORE_SECONDS) {
        Some((before, _)) => format!("{before}}}\n"),
        None => format!("{line}\n"),
    };
    let results = journal.lines().filter(|line| !is_note(line));
    results.map(strip).collect()
}

/// Whether a line is a note, by its first field.
pub(super) fn is_note(line: &str) -> bool {
    split_check(line).is_some_and(|(_, rest)| rest.starts_with(NOTE))
}

fn split_check(line: &str) -> Option<(&str, &str)> {
    let (found, rest) = line.strip_prefix(OPENING)?.split_at_checked(CHECK_DIGITS)?;
    Some((found, rest.strip_prefix(AFTER_CHECK)?))
}

fn check(inner: &str) -> String {
    Sha256::digest(inner.as_bytes())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
