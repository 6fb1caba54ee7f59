//! `themes`: the themes that can be chosen.

use serde_json::{Value, json};

use super::{notice::notice, output::Output};
use crate::{app::shell::theme::Themes, runtime::looks};
use caltrack_client::config::Config;

/// Lists the names, and on standard error a sentence about each theme that can't be read.
pub(super) fn run(config: &Config) -> Output {
    let (themes, problems) = looks::themes(config, None);
    let (_, unknown) = themes.get_or_default(&config.display.theme);
    for problem in problems.into_iter().chain(unknown) {
        notice(&problem);
    }
    let names = themes.names();
    let is_chosen = |name: &String| *name == config.display.theme;
    let json: Value = names
        .iter()
        .map(|name| {
            json!({
                "name": name,
                "chosen": is_chosen(name),
                "source": source(&themes, name),
            })
        })
        .collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let lines: Vec<String> = names
        .iter()
        .map(|name| {
            let mark = if is_chosen(name) { "*" } else { " " };
            format!("{mark} {name:width$}  {}", source(&themes, name))
        })
        .collect();
    Output::read(json, lines.join("\n"))
}

fn source(themes: &Themes, name: &str) -> &'static str {
    let found = themes.list().iter().find(|theme| theme.name == name);
    match found {
        Some(theme) if theme.is_file => "file",
        Some(_) => "built-in",
        None => "pair",
    }
}
