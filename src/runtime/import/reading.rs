//! A file, compared with the log.

use std::path::Path;

use caltrack_client::outbox::Outbox;
use caltrack_domain::{Account, outbox::Row};
use caltrack_import::{Column, DayOrder, ImportError, MAPPING_KEYS, Minting, Options, Unclear, WeightUnit};
use jiff::Timestamp;

use super::path::expanded;
use crate::{
    app::{
        Failure, FailureKind,
        import::{FileColumn, FileReading, FileWeightUnit, ImportDecisions, ImportPreview, ImportQuestion},
    },
    importer::{Choices, KnownLog, Plan, ReadFiles, UnclearWeights, ids, open},
    runtime::{context::Context, settings::Settings},
};

/// Ids that are looked up in one operation: others of the replica follow in between.
const AT_ONCE: usize = 500;
/// The most entries, and rows that are left out, of a preview.
const MAX_SHOWN: usize = 200;

/// Reads a file; returns its rows as well, if it can be imported.
pub(super) async fn read(
    context: &Context,
    path: String,
    decisions: ImportDecisions,
) -> Result<(FileReading, Option<Plan>), Failure> {
    let account = context.client.account();
    let account = account.ok_or_else(|| Failure::new(FailureKind::SignedOut, "the session has ended"))?;
    let options = options(&decisions);
    let choices = Choices {
        weight_unit: decisions.weight_unit.map(unit),
        ..Choices::default()
    };
    let read = blocking(move || {
        let path = expanded(path.trim());
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let import = open(&path, &options).map_err(|error| (shown(&path), error))?;
        Ok(ReadFiles::of(vec![(name, import)], false))
    });
    let files = match read.await? {
        Ok(files) => files,
        Err((name, error)) => return unread(&name, error).map(|question| (question, None)),
    };
    let mut known = known_log(context, &account).await?;
    let clock = Settings::of(known.profile.as_ref().and_then(Option::as_ref), Timestamp::now()).clock;
    let sub = account.sub.clone();
    let counted = {
        let clock = clock.clone();
        blocking(move || {
            let minting = Minting {
                sub: &sub,
                generation: 0,
                clock: &clock,
            };
            let ids = ids(&files.import, &minting);
            (files, ids)
        })
    };
    let (files, ids) = counted.await?;
    for part in ids.chunks(AT_ONCE) {
        known
            .ids
            .extend(stored(context, &account.sub, part.to_vec()).await);
    }
    let planned = blocking(move || {
        let minting = Minting {
            sub: &account.sub,
            generation: 0,
            clock: &clock,
        };
        Plan::of(files, &choices, &account, &minting, &known, Timestamp::now())
    });
    Ok(match planned.await? {
        Ok(plan) => (FileReading::Preview(Box::new(preview(&plan))), Some(plan)),
        Err(UnclearWeights(count)) => (FileReading::Question(ImportQuestion::WeightUnit(count)), None),
    })
}

/// Runs work that blocks on a thread that may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Failure::new(FailureKind::Internal, "a fault in the program"))
}

/// The ids of entries that the replica has, or has as removed.
async fn stored(context: &Context, sub: &str, ids: Vec<String>) -> Vec<String> {
    let known = context
        .replica
        .run(sub, move |replica, owner| replica.known_ids(owner, ids));
    known.await.unwrap_or_default()
}

/// What this computer knows of the log, apart from the entries.
async fn known_log(context: &Context, account: &Account) -> Result<KnownLog, Failure> {
    let stored = context.replica.run(&account.sub, |replica, owner| {
        Ok(KnownLog {
            weights: replica.weights(owner)?.into_iter().collect(),
            profile: replica.known_profile(owner)?,
            library: replica.library(owner)?,
            ..KnownLog::default()
        })
    });
    let mut known = stored.await.unwrap_or_default();
    let rows: Vec<Row> = match context.owner() {
        Some(owner) => {
            let path = context.data.outbox();
            blocking(move || Outbox::open(&path).list(&owner).rows).await?
        }
        None => Vec::new(),
    };
    known.take_queue(&account.username, &rows);
    Ok(known)
}

fn options(decisions: &ImportDecisions) -> Options {
    Options {
        day_order: decisions.is_day_first.map(|is_day_first| {
            if is_day_first {
                DayOrder::DayFirst
            } else {
                DayOrder::MonthFirst
            }
        }),
        decimal_comma: decisions.has_decimal_comma,
        mapping: decisions.mapping.clone(),
    }
}

const fn unit(unit: FileWeightUnit) -> WeightUnit {
    match unit {
        FileWeightUnit::Kilograms => WeightUnit::Kilograms,
        FileWeightUnit::Pounds => WeightUnit::Pounds,
        FileWeightUnit::Stones => WeightUnit::Stones,
    }
}

fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// A question about a file, or why it can't be imported.
fn unread(name: &str, error: ImportError) -> Result<FileReading, Failure> {
    let failure = |kind, message| Err(Failure::new(kind, message));
    match error {
        ImportError::Ask {
            unclear, question, ..
        } => match unclear {
            Unclear::DayOrder(date) => Ok(FileReading::Question(ImportQuestion::DayOrder(date))),
            Unclear::Decimal(number) => Ok(FileReading::Question(ImportQuestion::Decimal(number))),
            Unclear::Mapping { proposal, columns } => Ok(asked(&proposal, columns)),
            Unclear::Lines => failure(
                FailureKind::Ask,
                format!("{name}: {question}; name the file `weight`, or give each line a description"),
            ),
        },
        ImportError::Unknown { columns, .. } if columns.len() > 1 => Ok(asked("", columns)),
        error => failure(FailureKind::Value, format!("{name}: {error}")),
    }
}

/// The question for the columns, with those that a mapping names.
fn asked(proposal: &str, columns: Vec<Column>) -> FileReading {
    let number = |wanted: &str| {
        let named = columns
            .iter()
            .position(|column| column.name.trim().to_lowercase() == wanted);
        named.or_else(|| wanted.parse().ok().filter(|at| *at < columns.len()))
    };
    let chosen = |key: &str| {
        let parts = proposal.split(',').filter_map(|part| part.split_once('='));
        let mut wanted = parts.filter(|(known, _)| *known == key);
        number(wanted.next()?.1)
    };
    let keys = MAPPING_KEYS.iter().map(|key| ((*key).to_owned(), chosen(key)));
    let keys = keys.collect();
    let shown = |column: Column| FileColumn {
        name: column.name,
        sample: column.sample,
    };
    FileReading::Question(ImportQuestion::Columns {
        columns: columns.into_iter().map(shown).collect(),
        keys,
    })
}

fn preview(plan: &Plan) -> ImportPreview {
    let first = plan.entries.iter().take(MAX_SHOWN);
    let reasons = plan.skipped.iter().take(MAX_SHOWN);
    let (from, to) = plan.range();
    ImportPreview {
        sources: plan.sources.clone(),
        read: plan.read,
        entries: plan.entries.len(),
        weights: plan.weights.len(),
        foods: plan.foods(),
        already: plan.already,
        first: first.map(|planned| planned.new.entry.clone()).collect(),
        left_out: plan.left_out(),
        reasons: reasons.map(|row| (row.line, row.reason.clone())).collect(),
        warnings: plan.warnings.clone(),
        days: from.zip(to),
    }
}
