//! `completions` and `man`: for packagers; and what shells are answered.

use super::*;

/// What a shell is answered that completes the last of these words.
fn completed(place: &Place, words: &[&str]) -> Vec<String> {
    let index = words.len().to_string();
    let output = place
        .command(&[&["--", "caltrack-tui"], words].concat())
        .envs([
            ("CALTRACK_COMPLETE", "bash"),
            ("_CLAP_COMPLETE_INDEX", index.as_str()),
            ("_CLAP_COMPLETE_COMP_TYPE", "9"),
            ("_CLAP_COMPLETE_SPACE", "true"),
            ("_CLAP_IFS", "\n"),
        ])
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn every_shell_gets_a_script_that_asks_the_program() {
    let place = Place::fresh();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.run(&["completions", shell]);
        assert_eq!(script.code, 0, "{script:?}");
        assert!(
            script.out.contains("CALTRACK_COMPLETE"),
            "{shell}: {}",
            script.out
        );
    }
    assert_eq!(place.run(&["completions", "basic"]).code, 2);
    assert!(!place.data.exists(), "completions open no data directory");
}

#[test]
fn commands_options_and_their_values_complete() {
    let place = Place::fresh();
    assert!(completed(&place, &["dele"]).contains(&"delete".to_owned()));
    assert!(completed(&place, &["profile", "--day"]).contains(&"--day-starts-at".to_owned()));
    assert_eq!(completed(&place, &["export", "--format", "l"]), ["ledger"]);
    assert!(!place.data.exists(), "nothing is written");
}

#[test]
fn ids_foods_categories_types_and_profiles_complete() {
    let place = Place::fresh();
    place.run(&["add", "lunch 650 lentil curry"]);
    let id = place.json(&["list"])[0]["id"].as_str().expect("an id").to_owned();
    let end = &id[id.len() - 8..];
    assert_eq!(completed(&place, &["edit", &end[..3]]), [end]);
    assert_eq!(completed(&place, &["delete", "la"]), ["last"]);
    assert_eq!(completed(&place, &["log", "fo"]), ["Food"]);
    assert!(completed(&place, &["log", "Food", "lu"]).contains(&"Lunch".to_owned()));
    assert!(
        completed(&place, &["foods", "banan"])
            .iter()
            .any(|name| name.starts_with("Banana"))
    );
    assert_eq!(completed(&place, &["--profile", "lo"]), ["local"]);
}

#[test]
fn the_manual_page_lists_all_commands() {
    let page = Place::fresh().run(&["man"]);
    assert_eq!(page.code, 0, "{page:?}");
    assert!(
        page.out.contains(".TH caltrack-tui") || page.out.contains(".TH caltrack"),
        "{}",
        page.out
    );
    for word in ["demo", "themes", "doctor"] {
        assert!(page.out.contains(word), "no {word}");
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let place = Place::fresh();
    let directory = place.parent.path().join("man1");
    std::fs::create_dir(&directory).expect("a directory");
    let written = place.run(&["man", "--to", directory.to_str().expect("a path")]);
    assert_eq!(written.code, 0, "{written:?}");
    for page in ["caltrack-tui.1", "caltrack-tui-import.1", "caltrack-tui-serve.1"] {
        assert!(directory.join(page).exists(), "no {page}");
    }
}
