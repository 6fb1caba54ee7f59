//! `completions` and `man`: for packagers.

use super::*;

#[test]
fn every_shell_gets_completions_of_all_commands() {
    let place = Place::fresh();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.run(&["completions", shell]);
        assert_eq!(script.code, 0, "{script:?}");
        for word in ["delete", "demo", "themes", "day-starts-at"] {
            assert!(script.out.contains(word), "{shell} has no {word}");
        }
    }
    assert_eq!(place.run(&["completions", "basic"]).code, 2);
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
