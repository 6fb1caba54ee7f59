//! Every resolver keeps to `APPSYNC_JS`: what `CreateResolver` would reject is rejected here.
//!
//! `.ci/lint-resolvers` runs AWS's own plugin; these tests need neither node nor a network, and check globals and methods
//! too.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod rules;

use std::{fs, path::Path};

use caltrack_resolvers::{Files, strip};
use rstest::rstest;

/// Path and text of every file in these folders of `graphql/`.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    folders
        .iter()
        .flat_map(|directory| {
            let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../graphql")
                .join(directory);
            fs::read_dir(directory).unwrap()
        })
        .map(|file| {
            let path = file.unwrap().path();
            (path.display().to_string(), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

#[test]
fn every_resolver_is_made_of_what_appsync_accepts() {
    let bundles = Files::embedded().into_codes();
    assert!(bundles.len() >= 37, "{}", bundles.len());
    for (name, code) in bundles {
        assert_eq!(rules::read(&code).0, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_resolver_exports_both_handlers() {
    for (name, text) in sources(&["resolvers", "functions"]) {
        for handler in ["request", "response"] {
            assert!(
                text.contains(&format!("\nexport function {handler}(ctx) {{")),
                "{name}: {handler}"
            );
        }
    }
}

/// `$` would let a line feed follow, and AWS doesn't document whether `util.matches` searches or compares the whole text.
#[test]
fn patterns_match_whole_texts() {
    let sources = sources(&["resolvers", "functions", "lib"]);
    let calls: Vec<(&str, &str)> = sources
        .iter()
        .flat_map(|(name, text)| text.lines().map(move |line| (name.as_str(), line)))
        .filter(|(_, line)| line.contains("util.matches("))
        .collect();
    let [(file, line)] = calls[..] else {
        panic!("one function calls util.matches: {calls:?}");
    };
    assert!(file.ends_with("/lib/text.js"), "{file}");
    assert!(
        line.contains(r"util.matches('^' + pattern + '\\z', text)"),
        "{line}"
    );
}

/// The owner check and the reading of days exist once.
#[test]
fn shared_checks_are_in_the_library_only() {
    for (name, text) in sources(&["resolvers", "functions"]) {
        for shared in [
            "util.unauthorized",
            "setSubscriptionFilter",
            "'BadRequest'",
            "ConditionalCheckFailed",
        ] {
            assert!(!text.contains(shared), "{name} repeats {shared} of graphql/lib/");
        }
    }
}

#[test]
fn stripping_a_file_changes_no_node_of_it() {
    for (name, text) in sources(&["resolvers", "functions", "lib"]) {
        let stripped = strip(&text);
        assert!(stripped.len() < text.len(), "{name}");
        assert_eq!(rules::read(&text).1, rules::read(&stripped).1, "{name}");
    }
}

#[rstest]
#[case("try { f(); } catch { }", "TryStatement")]
#[case("throw 'x';", "ThrowStatement")]
#[case("while (a) { }", "WhileStatement")]
#[case("do { } while (a);", "DoWhileStatement")]
#[case("for (;;) { }", "ForStatement")]
#[case("for (const b of a) continue;", "ContinueStatement")]
#[case("x: for (const b of a) break x;", "LabeledStatement")]
#[case("for (const b of a) { x: for (const c of b) break x; }", "a label")]
#[case("let b = 1; b++;", "UpdateExpression")]
#[case("let b = 1; --b;", "UpdateExpression")]
#[case("const b = ~1;", "~")]
#[case("const b = 'x' in a;", "in")]
#[case("const b = a instanceof a;", "instanceof")]
#[case("const b = /x/;", "RegExpLiteral")]
#[case("class B { }", "Class")]
#[case("const b = new a();", "NewExpression")]
#[case("const b = this;", "ThisExpression")]
#[case("async function b() { }", "async or a generator")]
#[case("const b = async () => 1;", "async")]
#[case("function* b() { }", "async or a generator")]
#[case("const b = () => b();", "recursion in b")]
#[case(
    "function b() { return c(); } const c = () => [1].map((x) => b());",
    "recursion in b"
)]
#[case("const b = () => 1; const c = (f) => 1; c(b);", "a function passed to c")]
#[case("const c = (f) => 1; c(() => 1);", "a function passed to c")]
#[case("const b = Date;", "the global Date")]
#[case("const b = parseInt('1');", "the global parseInt")]
#[case("const b = globalThis;", "the global globalThis")]
#[case("const b = Promise;", "the global Promise")]
#[case("const b = [1].includes(1);", "the method includes")]
#[case("const b = 'x'.padStart(2);", "the method padStart")]
#[case("const b = Object.fromEntries([]);", "the method fromEntries")]
#[case("const b = Math.abs(1);", "the method abs")]
#[case("const b = [2].sort((x, y) => x - y);", "sort with a comparator")]
#[case("const b = (() => 1)();", "a call of what has no name")]
#[case("const b = a['x']();", "a call of what has no name")]
#[case("import { x } from 'lodash';", "an import of lodash")]
#[case("const b = import('x');", "ImportExpression")]
fn syntax_that_appsync_rejects_is_rejected(#[case] code: &str, #[case] wanted: &str) {
    let (refused, _) = rules::read(&format!("const a = [];\n{code}"));
    assert!(refused.iter().any(|what| what == wanted), "{refused:?}");
}

#[rstest]
#[case("import { util } from '@aws-appsync/utils'; const b = util.time.nowISO8601();")]
#[case("import { get } from '@aws-appsync/utils/dynamodb'; const b = get({ key: { id: 1 } });")]
#[case("const { b, ...rest } = a; const c = { ...rest, [b]: b ?? `x${b}` };")]
#[case("for (const b in a) { if (!b) break; }")]
#[case("const b = (x) => x; const c = a.filter(b).map((x) => b(x));")]
#[case("let b = -1; b += 1; switch (b) { case 1: break; default: delete a.b; }")]
fn what_appsync_accepts_is_accepted_here(#[case] code: &str) {
    assert_eq!(
        rules::read(&format!("const a = [];\n{code}")).0,
        Vec::<String>::new()
    );
}
