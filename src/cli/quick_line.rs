//! The arguments of `add`, in which a word such as `-1d` is text: only `--…` is an option, before or after the text.

use std::ffi::OsString;

use clap::{Arg, Command, CommandFactory as _};

use super::arguments::Cli;

/// Moves the options of `add` before its text, and marks the text with `--`. Other commands are unchanged.
pub(super) fn separate(arguments: Vec<OsString>) -> Vec<OsString> {
    if !arguments.iter().any(|argument| argument == "add") {
        return arguments;
    }
    let program = Cli::command();
    let Some(add) = program.find_subcommand("add") else {
        return arguments;
    };
    let mut rest = arguments.iter().cloned();
    // The program's name.
    let mut separated: Vec<OsString> = rest.by_ref().take(1).collect();
    loop {
        let Some(argument) = rest.next() else {
            return arguments;
        };
        let is_option = argument.to_str().is_some_and(|text| text.starts_with('-'));
        let with_value = takes_value(&argument, &[&program]);
        let is_add = argument == "add";
        separated.push(argument);
        if is_add {
            break;
        }
        if with_value {
            separated.extend(rest.next());
        } else if !is_option {
            // Another command.
            return arguments;
        }
    }
    let is_help = |text: &[OsString]| matches!(text, [only] if only == "-h");
    let mut text = Vec::new();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            text.extend(rest.by_ref());
        } else if argument.to_str().is_some_and(|text| text.starts_with("--")) {
            let with_value = takes_value(&argument, &[&program, add]);
            separated.push(argument);
            if with_value {
                let Some(value) = rest.next() else {
                    // The error of a value that is missing.
                    return separated;
                };
                separated.push(value);
            }
        } else {
            text.push(argument);
        }
    }
    if !text.is_empty() && !is_help(&text) {
        separated.push("--".into());
    }
    separated.extend(text);
    separated
}

/// Whether the next argument is the value of this option.
fn takes_value(argument: &OsString, commands: &[&Command]) -> bool {
    let Some(name) = argument.to_str().and_then(|text| text.strip_prefix("--")) else {
        return false;
    };
    let is_named = |option: &&Arg| option.get_long() == Some(name);
    let mut options = commands.iter().flat_map(|command| command.get_arguments());
    options
        .find(is_named)
        .is_some_and(|option| option.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ct add -1d pizza 800", "ct add -- -1d pizza 800")]
    #[case("ct add pizza 800 --date -1d --json", "ct add --date -1d --json -- pizza 800")]
    #[case("ct --profile p add --at 7:30 -5 -x", "ct --profile p add --at 7:30 -- -5 -x")]
    #[case("ct --profile=p add a --id=x b", "ct --profile=p add --id=x -- a b")]
    #[case("ct add -- --date x", "ct add -- --date x")]
    #[case("ct add -", "ct add -- -")]
    #[case("ct add a --date", "ct add --date")]
    #[case("ct add a --unknown b", "ct add --unknown -- a b")]
    #[case("ct add -h", "ct add -h")]
    #[case("ct add", "ct add")]
    #[case::another_command("ct log Food add 5", "ct log Food add 5")]
    #[case::a_profile_of_that_name("ct --profile add list -1d", "ct --profile add list -1d")]
    fn options_come_before_the_text(#[case] given: &str, #[case] separated: &str) {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(separate(words(given)), words(separated));
    }
}
