//! The check itself, on small crates and on planted mistakes.

use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;

use crate::{
    circles::{circles, describe},
    forbidden,
    imports::{Import, Place},
    imports_of,
    modules::{Scope, Sources},
    table::{self, sources},
};

fn sources_of(files: &[(&str, &str)]) -> Sources {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

fn production(files: &[(&str, &str)]) -> Vec<Import> {
    imports_of(&sources_of(files), "src/lib.rs", Scope::Production)
}

/// `from -> to` of every import between files that doesn't only hand names on.
fn arrows(files: &[(&str, &str)]) -> Vec<String> {
    let arrows: BTreeSet<String> = production(files)
        .iter()
        .filter(|import| !import.hands_on)
        .filter_map(|import| match &import.to {
            Place::File(to) => Some(format!("{} -> {to}", import.from)),
            Place::Extern { .. } => None,
        })
        .collect();
    arrows.into_iter().collect()
}

#[test]
fn a_planted_circle_is_found() {
    let imports = production(&[
        ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
        ("src/a.rs", "use crate::b::B; pub struct A(B);"),
        ("src/b.rs", "pub struct B; fn f() { super::c::g(); }"),
        ("src/c.rs", "pub fn g() -> Option<crate::a::A> { None }"),
        ("src/d.rs", "fn h(a: crate::a::A) {}"),
    ]);
    let circle: Vec<String> = ["src/a.rs", "src/b.rs", "src/c.rs"].map(str::to_owned).into();
    assert_eq!(circles(&imports), BTreeSet::from([circle.clone()]));
    assert_eq!(
        describe(&circle, &imports),
        "  src/a.rs -> src/b.rs: B, crate::b::B\n  src/b.rs -> src/c.rs: super::c::g\n  src/c.rs -> src/a.rs: crate::a::A\n"
    );
}

/// Two files of the repository are made to import each other.
#[test]
fn a_circle_planted_in_the_repository_is_found() {
    let mut sources = sources();
    for (file, name) in [("kcal", "day"), ("day", "kcal")] {
        let text = sources.get_mut(&format!("crates/domain/src/{file}.rs")).unwrap();
        text.extend(["\nconst PLANTED: fn() = super::", name, "::planted;\n"]);
    }
    let circles = circles(&imports_of(
        &sources,
        "crates/domain/src/lib.rs",
        Scope::Production,
    ));
    let planted = |file: &String| file.ends_with("/kcal.rs") || file.ends_with("/day.rs");
    assert!(
        circles
            .iter()
            .any(|circle| circle.iter().filter(|file| planted(file)).count() == 2),
        "{circles:?}"
    );
}

/// Whatever way the pictures import the runtime or the client, it is found.
#[test]
fn forbidden_imports_planted_in_the_repository_are_found() {
    let planted = [
        "use crate::runtime::Planted0;",
        "use crate::{app::State, runtime::{self, Planted1}};",
        "fn f() { crate::runtime::planted2(); }",
        "fn f() { super::runtime::planted3(); }",
        "mod planted { fn f() { super::super::runtime::planted4(); } }",
        "#[cfg(test)] mod tests { fn f() { assert!(crate::runtime::planted5()); } }",
        "fn f() -> caltrack_client::Planted6 { todo!() }",
        "pub use caltrack_client::planted7;",
        "fn f() { vec![::caltrack_client::planted8()]; }",
        "pub use crate::runtime::planted9 as other;",
    ];
    let mut sources = sources();
    let file = "src/view/mod.rs";
    let text = sources.get_mut(file).unwrap();
    text.push_str(&planted.join("\n"));
    text.push_str("extern crate caltrack_client;");
    let found = forbidden(&imports_of(&sources, "src/lib.rs", Scope::All), &table::table());
    for number in 0..planted.len() {
        let name = number.to_string();
        assert!(
            found.iter().any(|import| import.ends_with(&name)),
            "{number}: {found:?}"
        );
    }
    assert!(
        found.contains(&format!("{file} imports ::caltrack_client")),
        "{found:?}"
    );
    assert!(found.iter().all(|import| import.starts_with(file)), "{found:?}");
}

#[test]
fn what_the_table_allows_is_no_finding() {
    let table = BTreeMap::from([
        (
            "src/view".to_owned(),
            BTreeSet::from(["app".to_owned(), "domain".to_owned()]),
        ),
        ("src/app".to_owned(), BTreeSet::new()),
    ]);
    let files = [
        ("src/lib.rs", "mod app; mod view;"),
        ("src/app.rs", "pub struct State;"),
        ("src/view.rs", "use crate::app::State; use caltrack_domain::Day;"),
    ];
    let imports = imports_of(&sources_of(&files), "src/lib.rs", Scope::All);
    assert_eq!(forbidden(&imports, &table), Vec::<String>::new());
}

/// Each case is the code of `src/a.rs`, in which `src/b.rs` may be imported.
#[rstest]
#[case::a_use("use crate::b::B;", true)]
#[case::a_group("use crate::{b::{B, f as g}};", true)]
#[case::a_path("fn g() { crate::b::f() }", true)]
#[case::a_sibling("fn g() { super::b::f() }", true)]
#[case::a_module("use crate::b; fn g() { b::f() }", true)]
#[case::a_glob("use crate::b::*; struct A(B);", true)]
#[case::a_function_by_a_glob("use crate::b::*; fn g() { [1].map(f) }", true)]
#[case::a_use_in_a_function("fn g() { use crate::b; b::f() }", true)]
#[case::a_macro_s_argument("fn g() { println!(\"{}\", crate::b::f()) }", true)]
#[case::a_macro("fn g() { crate::b::m!() }", true)]
#[case::a_macro_s_body("macro_rules! n { () => { $crate::b::f() } }", true)]
#[case::an_attribute("#[arg(value_parser = crate::b::f)] struct A;", true)]
#[case::a_variant("fn g(e: crate::E) { if let crate::E::V = e {} }", true)]
#[case::a_constant_in_a_pattern("use crate::b::*; fn g(e: u8) { match e { C => (), _ => () } }", true)]
#[case::a_reexported_name("fn g() { crate::f() }", true)]
#[case::an_inline_module("mod c { use super::super::b::B; }", true)]
#[case::a_path_attribute("#[path = \"b/d.rs\"] mod d; fn g() { crate::b::f() }", true)]
#[case::nothing("", false)]
#[case::a_comment("// crate::b::f()\n/* use crate::b::B; */", false)]
#[case::a_doc_comment("/// [`crate::b::B`] and `crate::b::f()`.\nstruct A;", false)]
#[case::a_string("const S: &str = \"crate::b::f()\";", false)]
#[case::a_reexport("pub use crate::b::B;", false)]
#[case::a_module_alone("use crate::b;", false)]
#[case::a_glob_without_use("use crate::b::*;", false)]
#[case::an_own_item("struct B; fn g(b: B) { f() } fn f() {}", false)]
#[case::a_variable("use crate::b::*; fn g(f: u8) -> u8 { f + 1 }", false)]
#[case::a_field(
    "use crate::b::*; fn g(a: A) { format!(\"{}\", a.f) } struct A { f: u8 }",
    false
)]
#[case::an_item_of_the_function("use crate::b::*; fn g() { fn f() {} f() }", false)]
#[case::a_test("#[cfg(test)] mod tests { use crate::b::B; }", false)]
#[case::a_test_s_method("struct A; impl A { #[cfg(test)] fn g() { crate::b::f() } }", false)]
#[case::a_test_of_one_system("#[cfg(all(test, unix))] use crate::b::B;", false)]
fn imports_are_found_however_they_are_written(#[case] code: &str, #[case] is_found: bool) {
    let found = arrows(&[
        ("src/lib.rs", "mod a; mod b; pub use b::{B, E, f};"),
        ("src/a.rs", code),
        (
            "src/b.rs",
            "pub struct B; pub enum E { V } pub const C: u8 = 1; pub fn f() {} macro_rules! m { () => {} } pub(crate) use m;",
        ),
        ("src/b/d.rs", ""),
    ]);
    let expected = if is_found {
        vec!["src/a.rs -> src/b.rs"]
    } else {
        Vec::new()
    };
    assert_eq!(found, expected);
}

/// Who imports another crate's name through a part that hands it on imports that part.
#[test]
fn a_name_of_another_crate_belongs_to_the_part_that_hands_it_on() {
    let table = |allowed: &str| {
        BTreeMap::from([
            ("src/cli".to_owned(), BTreeSet::from([allowed.to_owned()])),
            (
                "src/embedded".to_owned(),
                BTreeSet::from(["local-backend".to_owned()]),
            ),
        ])
    };
    let files = [
        ("src/lib.rs", "mod cli; mod embedded;"),
        (
            "src/cli.rs",
            "use crate::embedded::Origins; fn f() { Origins::parse() }",
        ),
        ("src/embedded.rs", "pub use caltrack_local_backend::Origins;"),
    ];
    let imports = imports_of(&sources_of(&files), "src/lib.rs", Scope::All);
    assert_eq!(forbidden(&imports, &table("embedded")), Vec::<String>::new());
    let expected = [
        "src/cli.rs imports crate::embedded::Origins",
        "src/cli.rs imports Origins::parse",
    ];
    assert_eq!(forbidden(&imports, &table("local-backend")), expected);
}

#[test]
fn names_lead_to_the_file_that_defines_them() {
    let found = arrows(&[
        ("src/lib.rs", "pub mod update; pub mod x;"),
        (
            "src/update/mod.rs",
            "mod inner; pub use inner::*; pub use inner::update;",
        ),
        ("src/update/inner.rs", "pub fn update() {} pub struct Deep;"),
        (
            "src/x.rs",
            "mod y; use crate::update::{self, update}; fn f(d: update::Deep) { y::g() }",
        ),
        ("src/x/y.rs", "pub fn g() {}"),
    ]);
    assert_eq!(
        found,
        ["src/x.rs -> src/update/inner.rs", "src/x.rs -> src/x/y.rs"]
    );
}

#[test]
fn a_parent_that_uses_its_children_and_is_used_by_them_is_a_circle() {
    let files = |parent| {
        production(&[
            ("src/lib.rs", "mod a;"),
            ("src/a/mod.rs", parent),
            ("src/a/b.rs", "pub fn f(own: super::Own) {}"),
        ])
    };
    let circle = |parent| circles(&files(parent)).len();
    assert_eq!(circle("mod b; pub struct Own; pub fn g() { b::f(Own) }"), 1);
    assert_eq!(circle("mod b; pub use b::f; pub struct Own;"), 0);
}
