//! Circles among files that import each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::{Import, Place};

/// The files of a circle, sorted: from each of them imports lead to all others.
pub(crate) type Circle = Vec<String>;

/// Every circle of a crate, as large as possible: no file is in two of them.
///
/// A file that only hands names on is part of no circle: imports lead to the file that defines the name.
pub(crate) fn circles(imports: &[Import]) -> BTreeSet<Circle> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for import in imports {
        if let (Place::File(to), false) = (&import.to, import.hands_on) {
            next.entry(&import.from).or_default().insert(to);
        }
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        next.keys().map(|file| (*file, reach(&next, file))).collect();
    reached
        .iter()
        .filter(|(file, files)| files.contains(*file))
        .map(|(file, files)| {
            let back = |other: &&&str| reached.get(**other).is_some_and(|files| files.contains(file));
            files.iter().filter(back).map(|file| (*file).to_owned()).collect()
        })
        .collect()
}

/// All files that imports lead to from `file`.
fn reach<'a>(next: &BTreeMap<&'a str, BTreeSet<&'a str>>, file: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut ahead = vec![file];
    while let Some(file) = ahead.pop() {
        for to in next.get(file).into_iter().flatten() {
            if reached.insert(*to) {
                ahead.push(to);
            }
        }
    }
    reached
}

/// The imports that make a circle, one pair of files a line: `  a.rs -> b.rs: crate::b::Name`.
pub(crate) fn describe(circle: &Circle, imports: &[Import]) -> String {
    let mut arrows: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for import in imports.iter().filter(|import| !import.hands_on) {
        if let Place::File(to) = &import.to
            && circle.contains(&import.from)
            && circle.contains(to)
        {
            arrows.entry((&import.from, to)).or_default().push(&import.path);
        }
    }
    let lines = arrows
        .into_iter()
        .map(|((from, to), paths)| format!("  {from} -> {to}: {}\n", paths.join(", ")));
    lines.collect()
}
