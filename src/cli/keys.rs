//! `keys`: the keys as they are, `config.toml` included.

use caltrack_domain::KeyLine;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::{notice::notice, output::Output};
use crate::app::input::{bindings::Binding, context::Context, keymap::Keymap};

/// A row of the table: keys, the action's name, and its title.
type Row = (String, &'static str, &'static str);

/// Prints the table of keys, and on standard error a sentence about each line of the file that is ignored.
pub(super) fn run(lines: &[KeyLine]) -> Output {
    let (keymap, problems) = Keymap::rebound(lines);
    for problem in problems {
        notice(&problem);
    }
    let bindings = || Context::all().flat_map(|context| keymap.bindings(context));
    let json = bindings().map(as_json).collect();
    Output::read(json, text(&keymap))
}

fn as_json(binding: &Binding) -> Value {
    json!({
        "section": binding.context.section(),
        "action": binding.meaning.name(),
        "title": binding.meaning.title(),
        "keys": binding.keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn text(keymap: &Keymap) -> String {
    let sections: Vec<(Context, Vec<Row>)> = Context::all()
        .map(|context| (context, keymap.bindings(context).map(row).collect()))
        .collect();
    let rows = || sections.iter().flat_map(|(_, rows)| rows);
    let keys_width = rows().map(|(keys, ..)| keys.width()).max().unwrap_or(0);
    let names_width = rows().map(|(_, name, _)| name.width()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (context, rows) in &sections {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("{}  [keys.{}]", context.title(), context.section()));
        for (keys, name, title) in rows {
            let gap = " ".repeat(keys_width.saturating_sub(keys.width()));
            lines.push(format!("  {keys}{gap}  {name:names_width$}  {title}"));
        }
    }
    lines.join("\n")
}

fn row(binding: &Binding) -> Row {
    let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
    (keys.join(" "), binding.meaning.name(), binding.meaning.title())
}
