//! Which data a run asks for.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

/// Where data shall come from. As text: `auto`, `synthetic`, or the path of a folder (`./auto` for a
/// folder of that name).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Fashion-MNIST from wherever it can be had, else the built-in set.
    #[default]
    Auto,
    /// The built-in set.
    Synthetic,
    /// A folder, and nothing else.
    Path(PathBuf),
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "auto" => Self::Auto,
            "synthetic" => Self::Synthetic,
            path => Self::Path(path.into()),
        })
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Synthetic => f.write_str("synthetic"),
            Self::Path(path) => write!(f, "{}", path.display()),
        }
    }
}
