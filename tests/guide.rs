//! docs/guide.md: its tables are those that the program uses. `INSTA_UPDATE=always cargo test --test guide` writes them.

#![expect(clippy::expect_used, reason = "a broken assumption ends a test")]

use std::{fmt::Write as _, fs, path::Path};

use caltrack_domain::{Display, EnergyUnit, Marker, Measures, Mouse, WeekStart};
use caltrack_tui::app::{
    input::{context::Context, keymap::Keymap},
    shell::theme::{Theme, Themes},
};
use strum::VariantArray as _;

/// The keys of every part of the screens.
fn keys() -> String {
    let keymap = Keymap::default();
    let mut text = String::new();
    for context in Context::all() {
        let heading = format!("**{}** (`[keys.{}]`)", context.title(), context.section());
        let _ = write!(text, "\n{heading}\n\n| keys | action | does |\n|---|---|---|\n");
        for binding in keymap.bindings(context) {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(
                text,
                "| {} | `{}` | {} |",
                keys.join(" ").replace('|', "\\|"),
                binding.meaning.name(),
                binding.meaning.title()
            );
        }
    }
    text
}

/// The settings of the screens.
fn settings() -> String {
    let display = Display::default();
    let names = |names: &[&'static str]| {
        let quoted: Vec<String> = names.iter().map(|name| format!("`\"{name}\"`")).collect();
        quoted.join(", ")
    };
    let measures: Vec<&str> = Measures::VARIANTS.iter().map(|value| (*value).into()).collect();
    let days: Vec<&str> = WeekStart::VARIANTS.iter().map(|value| (*value).into()).collect();
    let energy: Vec<&str> = EnergyUnit::VARIANTS.iter().map(|value| (*value).into()).collect();
    let mouse: Vec<&str> = Mouse::VARIANTS.iter().map(|value| (*value).into()).collect();
    let markers: Vec<&str> = Marker::VARIANTS.iter().map(|value| (*value).into()).collect();
    let written = toml::to_string(&display).expect("TOML");
    let defaults: Vec<&str> = written.lines().collect();
    let values = [
        ("theme", "the name of a theme or of a pair".to_owned()),
        ("measures", names(&measures)),
        ("energy", names(&energy)),
        ("week-starts", names(&days)),
        ("marker", names(&markers)),
        ("mouse", names(&mouse)),
    ];
    assert_eq!(defaults.len(), values.len(), "a setting is missing: {defaults:?}");
    let mut text = "\n| setting | values | by default |\n|---|---|---|\n".to_owned();
    for ((name, values), default) in values.iter().zip(defaults) {
        let default = default
            .strip_prefix(&format!("{name} = "))
            .expect("the same order");
        let _ = writeln!(text, "| `{name}` | {values} | `{default}` |");
    }
    text
}

/// The roles of a theme.
fn roles() -> String {
    let mut text = "\n| role | is for |\n|---|---|\n".to_owned();
    for (role, purpose) in Theme::ROLES.iter().zip(Theme::PURPOSES) {
        let _ = writeln!(text, "| `{role}` | {} |", purpose.trim());
    }
    text
}

/// The built-in themes.
fn themes() -> String {
    let names: Vec<String> = Themes::default()
        .names()
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let mut lines = vec![String::new()];
    for name in names {
        let last = lines.last_mut().expect("a line");
        if last.len() + name.len() > 110 {
            lines.push(name);
        } else if last.is_empty() {
            last.push_str(&name);
        } else {
            last.push_str(", ");
            last.push_str(&name);
        }
    }
    format!("\n{}\n", lines.join(",\n"))
}

#[test]
fn the_tables_of_the_guide_are_those_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
    let present = fs::read_to_string(&path).expect("the guide");
    let mut expected = present.clone();
    for (name, table) in [
        ("keys", keys()),
        ("settings", settings()),
        ("roles", roles()),
        ("themes", themes()),
    ] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("\n<!-- end of {name} -->"));
        let (before, rest) = expected.split_once(&begin).expect("the table's beginning");
        let (_, after) = rest.split_once(&end).expect("the table's end");
        expected = format!("{before}{begin}{table}{end}{after}");
    }
    if std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        fs::write(&path, &expected).expect("the guide is written");
        return;
    }
    assert_eq!(
        present, expected,
        "run `INSTA_UPDATE=always cargo test --test guide`"
    );
}
