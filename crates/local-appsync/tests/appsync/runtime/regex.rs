//! Regular expressions have their meaning in Java; others are rejected.

use serde_json::json;

use super::*;

/// A resolver that matches its argument `text` against its argument `pattern`.
fn api() -> Runtime {
    runtime_with(
        "// datasource: NoneSource
        import { util } from '@aws-appsync/utils';
        export const request = (ctx) => ({ payload: util.matches(ctx.args.pattern, ctx.args.text) });
        export const response = (ctx) => ctx.result;",
    )
}

#[tokio::test]
async fn patterns_have_their_meaning_in_java() {
    let api = api();
    for (pattern, text, expected) in [
        // The end: before `$` and `\Z` one line terminator may follow, before `\z` none.
        ("^a$", "a\n", true),
        ("^a$", "a\r\n", true),
        ("^a$", "a\u{85}", true),
        ("^a\r$", "a\r\n", false),
        ("^a$", "a\n\n", false),
        (r"^a\Z", "a\n", true),
        (r"^a\z", "a\n", false),
        (r"^a\z", "a", true),
        (r"\Aa", "ba", false),
        // Lines.
        ("^b", "a\nb", false),
        ("(?m)^b$", "a\nb\nc", true),
        ("(?m)^b$", "a\u{2028}b\u{85}c", true),
        (r"(?m)^\z", "a\n", false),
        ("^.$", "\u{85}", false),
        ("^.$", "\n", false),
        ("(?s)^.$", "\n", true),
        ("(?sm)^.b$", "\nb\nc", true),
        ("^.$", "🍕", true),
        // Spaces.
        (r"^\s$", "\u{a0}", false),
        (r"^\s$", "\u{b}", true),
        (r"^[\s]$", "\u{feff}", false),
        (r"^\S$", "\u{a0}", true),
        (r"^[^\S]$", " ", true),
        (r"^[\Sx]$", "\u{a0}", true),
        (r"^\h$", "\u{a0}", true),
        (r"^\H$", "\t", false),
        (r"^\v$", "\n", true),
        (r"^\V$", "\n", false),
        (r"^\R\z", "\r\n", true),
        // Case-insensitive: ASCII letters only.
        ("(?i)^LUNCH$", "lunch", true),
        ("(?i)^k$", "\u{212a}", false),
        ("(?i)^ü$", "Ü", false),
        ("(?i)^[a-f]+$", "AbF", true),
        ("(?i)^[X-b]+$", "xAB", true),
        ("(?i)^[^a]$", "A", false),
        (r"(?i)^\Qk.\E$", "K.", true),
        (r"(?i)^\Qk.\E(?-i)x$", "K.X", false),
        ("^a(?i)b", "aB", true),
        ("^a(?i)b", "AB", false),
        ("^(?:(?i)a|b)c$", "Bc", true),
        ("^(?:(?i)a|b)c$", "BC", false),
        ("^(?i-s:a)b$", "Ab", true),
        ("^(?i-s:a)b$", "AB", false),
        ("^(?s).{2}$", "\n\n", true),
        // Properties.
        (r"^\p{L}\pL$", "üß", true),
        (r"^\p{Alpha}$", "ü", false),
        (r"^\p{IsAlphabetic}$", "ü", true),
        (r"^\p{IsGreek}\p{IsLu}$", "αA", true),
        (r"^[\p{Punct}x]+$", "!x]", true),
        (r"^\P{Lower}\P{L}$", "A1", true),
        // Characters.
        ("^[]a]+$", "]a", true),
        ("^[^]a]$", "]", false),
        ("^a}]$", "a}]", true),
        (r"^\x41\u0042\x{43}\0104\e\t$", "ABCD\u{1b}\t", true),
        (r"^\ud83c\udf55$", "🍕", true),
        (r"^[a\-\]z-]+$", "-]az", true),
        (r"^\Qa\d+\E$", r"a\d+", true),
        (r"^[\Q^-]\E]+$", "^-]", true),
        // Repetitions, groups, look-arounds.
        (r"^a{2}b{1,}c{0,2}$", "aabcc", true),
        (r"^(a)(?:b)(?<x>c)\1\k<x>$", "abcac", true),
        (r"(?<=a)b(?!c)", "ab", true),
        (r"(?<!a)b", "ab", false),
        (r"^a+?b*?$", "aab", true),
        ("a|b", "xb", true),
        (r"\bb\B", "a bc", true),
        // An unanchored pattern matches anywhere.
        ("b", "abc", true),
        ("b", "ac", false),
    ] {
        let matched = api
            .ok("Query.test", ME, json!({ "pattern": pattern, "text": text }))
            .await;
        assert_eq!(matched, json!(expected), "{pattern:?} in {text:?}");
    }
}

#[tokio::test]
async fn patterns_without_an_equivalent_are_rejected() {
    let api = api();
    for pattern in [
        "a++",
        "a*+",
        "a?+",
        "a{2}+",
        "(?>a)",
        "(?x)a",
        "(?u)a",
        "(?U)a",
        "(?d)a",
        "(?i",
        "(?i-s-m)",
        "[a[b]]",
        "[a&&b]",
        r"\G",
        r"\X",
        r"\N{x}",
        r"\p{InGreek}",
        r"\p{javaLowerCase}",
        r"\p{Nonsense}",
        r"(?i)\p{Lower}",
        r"(?i)(a)\1",
        r"[\P{Alpha}]",
        r"[\H]",
        r"[\b]",
        "a{",
        "a{,3}",
        "a{x}",
        "[a",
        "[b-a]",
        "(",
        ")",
        "*",
        r"\",
        r"\x4",
        r"\y",
        "(?<a",
        r"\p{L",
    ] {
        let error = api
            .error_of("Query.test", ME, json!({ "pattern": pattern, "text": "a" }))
            .await;
        assert_eq!(error.0, "Code", "{pattern}");
    }
}

#[tokio::test]
async fn a_replacement_refers_to_groups_as_in_java() {
    let api = runtime_with(
        "// datasource: NoneSource
        export const request = (ctx) => ({ payload: ctx.args.text.replaceAll(ctx.args.pattern, ctx.args.by) });
        export const response = (ctx) => ctx.result;",
    );
    let arguments =
        |text: &str, pattern: &str, by: &str| json!({ "text": text, "pattern": pattern, "by": by });
    for (text, pattern, by, expected) in [
        ("ab", "(a)(b)", "$2$1$0", "baab"),
        (
            "abcdefghijk",
            "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)",
            "$10-$11",
            "j-a1k",
        ),
        ("ab", "(?<first>a)(x)?", "[${first}$2]", "[a]b"),
        ("a.a", r"\.", r"\$\\", r"a$\a"),
        ("a\n", "a$", "b", "b\n"),
        ("abc", "", "-", "-a-b-c-"),
    ] {
        let replaced = api.ok("Query.test", ME, arguments(text, pattern, by)).await;
        assert_eq!(replaced, json!(expected), "{pattern} by {by}");
    }
    for by in ["$1", "$x", "$", r"\", "${none}", "${open"] {
        let error = api.error_of("Query.test", ME, arguments("a", "a", by)).await;
        assert_eq!(error.0, "Code", "{by}");
    }
}
