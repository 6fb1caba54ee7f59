//! The tables `screens` and `keys` of `config.toml`, and writing a setting without changing anything else in the file.

use std::{io, path::Path};

use caltrack_domain::{DisplaySetting, KeyLine};
use toml::{Table, Value};
use toml_edit::{DocumentMut, Item, Table as DocumentTable, value};

use super::{
    error::ConfigError,
    file::{self, read_text},
};

/// The lines of the table `keys`. A line that can't be read stays a line, so that it can be reported by its name.
pub(super) fn key_lines(table: &Table) -> Vec<KeyLine> {
    let line = |section: Option<&str>, name: &str, value: &Value| KeyLine {
        section: section.map(str::to_owned),
        name: name.to_owned(),
        keys: texts(value),
    };
    let mut lines = Vec::new();
    // First what applies everywhere: a section is more precise.
    for (name, value) in table {
        if !value.is_table() {
            lines.push(line(None, name, value));
        }
    }
    for (section, value) in table {
        for (name, value) in value.as_table().into_iter().flatten() {
            lines.push(line(Some(section), name, value));
        }
    }
    lines
}

/// One text, or a list of texts.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect(),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Table(_) => {
            None
        }
    }
}

/// Writes a setting of the screens into the file, which is created if absent. Everything else in it stays, comments
/// included.
///
/// # Errors
///
/// [`ConfigError`] if the file can't be read or written. It is unchanged then.
pub fn save_setting(path: &Path, setting: &DisplaySetting) -> Result<(), ConfigError> {
    let text = match read_text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(ConfigError::Unreadable {
                path: path.to_owned(),
                detail: error.to_string(),
            });
        }
    };
    // A file that this program can't read is not changed.
    file::parse(&text, path)?;
    let text = edit(&text, setting).map_err(|detail| ConfigError::Malformed {
        path: path.to_owned(),
        detail,
    })?;
    file::replace(path, &text).map_err(|error| ConfigError::Unwritable {
        path: path.to_owned(),
        detail: error.to_string(),
    })
}

fn edit(text: &str, setting: &DisplaySetting) -> Result<String, String> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string())?;
    let screens = document
        .entry("screens")
        .or_insert_with(|| Item::Table(DocumentTable::new()))
        .as_table_like_mut()
        .ok_or("`screens` is not a table")?;
    let (key, text) = setting.key_and_value();
    let mut new = value(text);
    match screens.get_mut(key) {
        Some(old) => {
            // A comment behind the old value stays there, as does one before its key.
            if let (Some(old), Some(new)) = (old.as_value(), new.as_value_mut()) {
                *new.decor_mut() = old.decor().clone();
            }
            *old = new;
        }
        None => drop(screens.insert(key, new)),
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use caltrack_domain::{Display, Measures};

    use super::*;

    #[test]
    fn a_setting_is_written_and_everything_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let before = "# mine\nprofile = \"local\" # the box\n\n[screens]\n# at night\ntheme = \"mono\" # quiet\n\n[keys]\nquit = []\n";
        std::fs::write(&path, before).unwrap();
        save_setting(&path, &DisplaySetting::Theme("gruvbox".to_owned())).unwrap();
        save_setting(&path, &DisplaySetting::Measures(Measures::Imperial)).unwrap();
        let after = std::fs::read_to_string(&path).unwrap();
        let expected = before.replace(
            "theme = \"mono\" # quiet\n",
            "theme = \"gruvbox\" # quiet\nmeasures = \"imperial\"\n",
        );
        assert_eq!(after, expected);
        let file = file::parse(&after, &path).unwrap();
        let display = Display {
            theme: "gruvbox".to_owned(),
            measures: Measures::Imperial,
            ..Display::default()
        };
        assert_eq!(file.screens, display);
    }

    #[test]
    fn a_file_that_is_absent_is_created_and_an_invalid_one_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/config.toml");
        let setting = DisplaySetting::Theme("mono".to_owned());
        save_setting(&path, &setting).unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "[screens]\ntheme = \"mono\"\n"
        );
        for invalid in ["screens = 1", "[screens]\ntheem = \"x\"", "[screens"] {
            std::fs::write(&path, invalid).unwrap();
            save_setting(&path, &setting).unwrap_err();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), invalid);
        }
    }

    #[test]
    fn lines_of_keys_are_read_by_section_and_none_spoils_the_others() {
        let text = "[keys]\nquit = []\nhelp = \"F\"\n[keys.today]\nrelog = [\"x\", \"C-x\"]\nadd = 5\n";
        let file = file::parse(text, Path::new("config.toml")).unwrap();
        let lines = key_lines(&file.keys);
        let shown: Vec<String> = lines
            .iter()
            .map(|line| format!("{:?} {} {:?}", line.section, line.name, line.keys))
            .collect();
        assert_eq!(
            shown,
            [
                r#"None help Some(["F"])"#,
                r"None quit Some([])",
                r#"Some("today") add None"#,
                r#"Some("today") relog Some(["x", "C-x"])"#,
            ]
        );
    }
}
