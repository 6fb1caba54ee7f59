//! What shells offer for a word that is being typed: ids, foods, categories and types, profiles. Only this computer's files are
//! read, and nothing is reported: what can't be read isn't offered.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
};

use caltrack_domain::{Category, library::items, line::folded};
use caltrack_foods::table;
use clap::builder::StyledStr;
use clap_complete::{ArgValueCompleter, CompletionCandidate};
use jiff::Timestamp;

use crate::app::text::summary;
use caltrack_client::{
    api::SessionFile,
    config::{Config, Overrides, variable},
    replica::{Owner, Replica, ReplicaError},
};

/// Hexadecimal digits at the end of an id, as `list` prints them.
const SHOWN_ID: usize = 8;
/// The most foods that are offered.
const MAX_FOODS: usize = 30;

pub(super) fn ids() -> ArgValueCompleter {
    ArgValueCompleter::new(of_ids)
}

pub(super) fn foods() -> ArgValueCompleter {
    ArgValueCompleter::new(of_foods)
}

pub(super) fn categories() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let names = stored_categories().into_iter().map(|category| category.name);
        beginning(names, typed)
    })
}

pub(super) fn types() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let types = stored_categories()
            .into_iter()
            .flat_map(|category| category.types);
        beginning(types.collect::<BTreeSet<_>>(), typed)
    })
}

pub(super) fn profiles() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        // The one that is being typed need not exist.
        let others = Overrides {
            profile: None,
            ..overrides()
        };
        let config = Config::load(others, true).ok();
        let names = config.map(|config| {
            let others = config.other_profiles().unwrap_or_default();
            others.into_iter().chain([config.profile.name])
        });
        beginning(names.into_iter().flatten(), typed)
    })
}

/// Those of several words that begin as the typed one does.
fn beginning(words: impl IntoIterator<Item = String>, typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = folded(&typed.to_string_lossy());
    let words = words.into_iter().filter(|word| folded(word).starts_with(&typed));
    words.map(CompletionCandidate::new).collect()
}

/// The ids of the newest entries, by their ends, with what the entries are.
fn of_ids(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let mut entries = replica(|replica, owner| replica.newest(owner, Timestamp::now())).unwrap_or_default();
    entries.sort_by(|one, other| (other.entry.moment, &other.id).cmp(&(one.entry.moment, &one.id)));
    entries.dedup_by(|one, other| one.id == other.id);
    let shown = entries.iter().enumerate().filter_map(|(order, activity)| {
        let end = activity.id.len().checked_sub(SHOWN_ID)?;
        let id = activity.id.get(end..)?;
        let help = format!("{} {}", activity.entry.date, summary(&activity.entry));
        id.starts_with(typed.as_ref()).then(|| {
            CompletionCandidate::new(id)
                .help(Some(StyledStr::from(help)))
                .display_order(Some(order))
        })
    });
    let last = "last".starts_with(typed.as_ref()).then(|| {
        CompletionCandidate::new("last").help(Some(StyledStr::from("the entry that was logged last")))
    });
    shown.chain(last).collect()
}

/// Own foods, recipes and favourites, and foods of the table.
fn of_foods(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let library = replica(Replica::library).unwrap_or_default();
    let own = items(&library).into_iter().map(|item| item.own.name);
    let mut names: Vec<String> = own
        .filter(|name| folded(name).starts_with(&folded(&typed)))
        .collect();
    if !typed.is_empty() {
        let found = table().search_foods(&typed, MAX_FOODS);
        // A shell drops what doesn't begin with the typed word.
        let found = found.into_iter().map(|food| food.name.to_owned());
        names.extend(found.filter(|name| folded(name).starts_with(&folded(&typed))));
    }
    names.into_iter().map(CompletionCandidate::new).collect()
}

fn stored_categories() -> Vec<Category> {
    let stored = replica(Replica::categories).flatten();
    stored.map(|(categories, _)| categories).unwrap_or_default()
}

/// Reads this computer's copy of the signed-in user's log; none without one.
fn replica<T>(read: impl FnOnce(&Replica, Owner<'_>) -> Result<T, ReplicaError>) -> Option<T> {
    let config = Config::load(overrides(), true).ok()?;
    let profile = &config.profile.name;
    let account = SessionFile::new(config.data.session(profile)).account()?;
    let path = config.data.cache();
    if !path.exists() {
        return None;
    }
    let replica = Replica::open(&path).ok()?.replica;
    let owner = Owner {
        profile,
        sub: &account.sub,
    };
    read(&replica, owner).ok()
}

/// The options of the line that is being typed, and the environment.
fn overrides() -> Overrides {
    let words: Vec<OsString> = std::env::args_os().collect();
    let option = |name: &str| {
        let assigned = words.iter().find_map(|word| {
            let value = word.to_str()?.strip_prefix(name)?.strip_prefix('=')?;
            Some(OsString::from(value))
        });
        let at = words.iter().position(|word| word == name);
        assigned.or_else(|| words.get(at? + 1).cloned())
    };
    Overrides {
        profile: option("--profile")
            .or_else(|| variable("CALTRACK_PROFILE"))
            .map(|name| name.to_string_lossy().into_owned()),
        data_dir: option("--data-dir")
            .or_else(|| variable("CALTRACK_DATA_DIR"))
            .map(Into::into),
        config: option("--config")
            .or_else(|| variable("CALTRACK_CONFIG"))
            .map(Into::into),
        theme: None,
    }
}
