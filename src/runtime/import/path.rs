//! Paths as users type them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use caltrack_client::config::variable;

/// The most names that are shown.
const MAX_FOUND: usize = 200;

/// The path of a typed text, whose `~` is the home directory.
pub(super) fn expanded(typed: &str) -> PathBuf {
    let home = || variable("HOME").map(PathBuf::from);
    match typed.strip_prefix('~') {
        Some("") => home().unwrap_or_else(|| PathBuf::from(typed)),
        Some(rest) => match (rest.strip_prefix('/'), home()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(typed),
        },
        None => PathBuf::from(typed),
    }
}

/// A typed path as far as one or several files go on from it, and their names if they are several. Hidden files are only
/// found by their point.
pub(in crate::runtime) fn complete(typed: &str) -> (String, Vec<String>) {
    if typed == "~" {
        return ("~/".to_owned(), Vec::new());
    }
    let (parent, begun) = match typed.rfind('/') {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let directory = if parent.is_empty() {
        PathBuf::from(".")
    } else {
        expanded(parent)
    };
    let names = names(&directory, begun);
    match names.as_slice() {
        [] => (typed.to_owned(), Vec::new()),
        [one] => (format!("{parent}{one}"), Vec::new()),
        [first, others @ ..] => {
            let common = others
                .iter()
                .fold(first.as_str(), |common, other| shared(common, other));
            let completed = format!("{parent}{common}");
            (completed, names.into_iter().take(MAX_FOUND).collect())
        }
    }
}

/// The names in a directory that begin so, those of directories with a slash.
fn names(directory: &Path, begun: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_wanted = name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.'));
            // A link counts as what it leads to.
            let is_directory = || fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
            is_wanted.then(|| if is_directory() { name + "/" } else { name })
        })
        .collect();
    names.sort();
    names
}

/// The beginning that both have.
fn shared<'a>(one: &'a str, other: &str) -> &'a str {
    let mut end = 0;
    for ((at, left), right) in one.char_indices().zip(other.chars()) {
        if left != right {
            break;
        }
        end = at + left.len_utf8();
    }
    one.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_completed_as_far_as_it_is_certain() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["Export-1.csv", "Export-2.csv", "übung.csv", ".hidden"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        fs::create_dir(dir.path().join("sub")).unwrap();
        let path = |name: &str| format!("{}/{name}", dir.path().display());
        let several = complete(&path("Ex"));
        assert_eq!(several.0, path("Export-"));
        assert_eq!(several.1, ["Export-1.csv", "Export-2.csv"]);
        assert_eq!(complete(&path("ü")), (path("übung.csv"), Vec::new()));
        assert_eq!(complete(&path("s")), (path("sub/"), Vec::new()));
        assert_eq!(complete(&path(".h")), (path(".hidden"), Vec::new()));
        assert_eq!(complete(&path("none")), (path("none"), Vec::new()));
        assert_eq!(complete(&path("")).1.len(), 4);
    }
}
