//! An in-memory DynamoDB: keeps its rules, and fails on order.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard},
};

use async_trait::async_trait;
use caltrack_aggregator::{CancellationReason, Store, StoreError, UserAggregate};
use serde_json::{Value, json};

use super::request::{Action, Item, Key, TABLE, action, decimal, is_marker, key, members, number};

/// What goes wrong with one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Too many requests; nothing is written.
    Throttled,
    /// Cancelled, for another transaction holds the aggregate; nothing is written.
    Conflict,
    /// Cancelled, for another transaction holds a marker; nothing is written, and that one may come to nothing too.
    MarkerConflict,
    /// No answer, and nothing is written.
    Unreached,
    /// No answer, though all is written.
    AnswerLost,
    /// Access is denied; nothing is written.
    Denied,
}

/// How a transaction with a certain event is refused.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refusal {
    /// As a whole, without a word on the item at fault.
    Request,
    /// Cancelled, with `ValidationError` at the item at fault.
    Reason,
}

/// The table of aggregates and markers.
#[derive(Default)]
pub(crate) struct Dynamo {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rows: BTreeMap<Key, Item>,
    commits: BTreeMap<Key, i64>,
    faults: VecDeque<Option<Fault>>,
    read_faults: VecDeque<Option<StoreError>>,
    refused: BTreeMap<String, Refusal>,
    out_of_reach: BTreeSet<Key>,
    other_keys: Option<Refusal>,
    transactions: Vec<usize>,
    reads: usize,
    /// Rows to write, each after a number of transactions.
    later: Vec<(usize, Key, Item)>,
}

impl Dynamo {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What goes wrong with the next transactions, one after the other.
    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.state().faults.extend(faults);
    }

    /// What goes wrong with the next reads, one after the other.
    pub(crate) fn fail_reads(&self, faults: impl IntoIterator<Item = Option<StoreError>>) {
        self.state().read_faults.extend(faults);
    }

    /// Whether a user's day can't be written, whatever is tried.
    pub(crate) fn set_out_of_reach(&self, user: &str, day: &str, out_of_reach: bool) {
        let key = (user.into(), day.into());
        let mut state = self.state();
        if out_of_reach {
            state.out_of_reach.insert(key);
        } else {
            state.out_of_reach.remove(&key);
        }
    }

    /// Refuses every transaction that books this event.
    pub(crate) fn refuse(&self, event_id: &str, refusal: Refusal) {
        self.state().refused.insert(event_id.to_owned(), refusal);
    }

    /// The table has other keys than a table of totals, and refuses whatever names these.
    pub(crate) fn set_other_keys(&self, refusal: Refusal) {
        self.state().other_keys = Some(refusal);
    }

    /// Writes a row past the aggregator, as a resolver would.
    pub(crate) fn put(&self, user: &str, day: &str, attributes: &Value) {
        let mut item = attributes.as_object().unwrap().clone();
        item.insert("userid".into(), json!({ "S": user }));
        item.insert("date".into(), json!({ "S": day }));
        self.state().rows.insert((user.into(), day.into()), item);
    }

    /// Removes a row past the aggregator.
    pub(crate) fn remove(&self, user: &str, day: &str) {
        self.state().rows.remove(&(user.into(), day.into())).unwrap();
    }

    /// An aggregate's kcal consumed, kcal burned and version; `None` where there is no row.
    pub(crate) fn day(&self, user: &str, day: &str) -> Option<(i64, i64, i64)> {
        let state = self.state();
        let row = state.rows.get(&(user.into(), day.into()))?;
        Some((
            number(row, "caloriesConsumed"),
            number(row, "caloriesBurned"),
            number(row, "version"),
        ))
    }

    /// An aggregate with all its totals.
    pub(crate) fn totals(&self, user: &str, day: &str) -> Option<UserAggregate> {
        let state = self.state();
        let row = state.rows.get(&(user.into(), day.into()))?;
        Some(UserAggregate::from_item(user, day, row))
    }

    /// Every aggregate.
    pub(crate) fn days(&self) -> BTreeMap<Key, UserAggregate> {
        let state = self.state();
        let aggregates = state.rows.iter().filter(|(key, _)| !is_marker(key));
        aggregates
            .map(|(key, row)| (key.clone(), UserAggregate::from_item(&key.0, &key.1, row)))
            .collect()
    }

    /// Writes members of a row once this many further transactions were requested.
    pub(crate) fn write_later(&self, transactions: usize, user: &str, day: &str, members: &Value) {
        let key = (user.into(), day.into());
        let mut state = self.state();
        let due = state.transactions.len() + transactions;
        state.later.push((due, key, members.as_object().unwrap().clone()));
    }

    /// Every marker: its key and when it expires, in seconds since 1970.
    pub(crate) fn markers(&self) -> BTreeMap<Key, i64> {
        let state = self.state();
        let markers = state.rows.iter().filter(|(key, _)| is_marker(key));
        markers
            .map(|(key, item)| (key.clone(), number(item, "expiresAt")))
            .collect()
    }

    /// How many transactions were committed for each user and day.
    pub(crate) fn commits(&self) -> BTreeMap<Key, i64> {
        self.state().commits.clone()
    }

    /// Number of markers in each requested transaction, committed or not.
    pub(crate) fn transactions(&self) -> Vec<usize> {
        self.state().transactions.clone()
    }

    /// All requests.
    pub(crate) fn calls(&self) -> usize {
        let state = self.state();
        state.transactions.len() + state.reads
    }
}

#[async_trait]
impl Store for Dynamo {
    async fn transact_write_items(&self, request: Value) -> Result<(), StoreError> {
        // Lets rivals in, before and after.
        tokio::task::yield_now().await;
        let answer = self.state().transact(&request);
        tokio::task::yield_now().await;
        answer
    }

    async fn get_item(&self, request: Value) -> Result<Option<Item>, StoreError> {
        tokio::task::yield_now().await;
        let mut state = self.state();
        state.reads += 1;
        if let Some(error) = state.read_faults.pop_front().flatten() {
            return Err(error);
        }
        let [table, wanted, consistent] = members(&request, ["TableName", "Key", "ConsistentRead"]);
        assert_eq!(
            (table, consistent),
            (&json!(TABLE), &json!(true)),
            "a read after a write"
        );
        if state.other_keys.is_some() {
            return Err(StoreError::Rejected("ValidationException".into()));
        }
        Ok(state.rows.get(&key(wanted)).cloned())
    }
}

impl State {
    fn transact(&mut self, request: &Value) -> Result<(), StoreError> {
        let [items] = members(request, ["TransactItems"]);
        let items = items.as_array().unwrap();
        assert!(
            (1..=100).contains(&items.len()),
            "a transaction of {} items",
            items.len()
        );
        let actions: Vec<Action> = items.iter().map(action).collect();
        let keys: BTreeSet<&Key> = actions.iter().map(Action::key).collect();
        assert_eq!(keys.len(), actions.len(), "two actions on one item: {request}");
        self.transactions
            .push(keys.iter().filter(|key| is_marker(key)).count());

        assert!(self.transactions.len() < 1000, "transactions without end");
        for (due, key, members) in &self.later {
            if *due + 1 == self.transactions.len() {
                self.rows.entry(key.clone()).or_default().extend(members.clone());
            }
        }

        let mut fault = self.faults.pop_front().flatten();
        if keys.iter().any(|key| self.out_of_reach.contains(*key)) {
            fault = Some(Fault::Unreached);
        }
        match fault {
            Some(Fault::Throttled) => return Err(StoreError::Throttled("rate exceeded".into())),
            Some(Fault::Unreached) => return Err(StoreError::Unavailable("no answer".into())),
            Some(Fault::Denied) => return Err(StoreError::Denied("AccessDeniedException".into())),
            Some(conflict @ (Fault::Conflict | Fault::MarkerConflict)) => {
                let of_markers = conflict == Fault::MarkerConflict;
                return Err(cancelled(&actions, |action| {
                    (is_marker(action.key()) == of_markers).then_some("TransactionConflict")
                }));
            }
            Some(Fault::AnswerLost) | None => {}
        }
        self.refuse(&actions)?;
        let exists = |action: &Action| (!action.holds(&self.rows)).then_some("ConditionalCheckFailed");
        if actions.iter().any(|action| exists(action).is_some()) {
            return Err(cancelled(&actions, exists));
        }
        for action in actions {
            self.write(action);
        }
        match fault {
            Some(Fault::AnswerLost) => Err(StoreError::Unavailable("the answer was lost".into())),
            _ => Ok(()),
        }
    }

    fn refuse(&self, actions: &[Action]) -> Result<(), StoreError> {
        match self.other_keys {
            Some(Refusal::Request) => return Err(StoreError::Rejected("ValidationException".into())),
            Some(Refusal::Reason) => return Err(cancelled(actions, |_| Some("ValidationError"))),
            None => {}
        }
        let no_number = |action: &Action| match action {
            Action::Put { .. } => None,
            Action::Add { key, numbers, .. } => {
                let row = self.rows.get(key)?;
                let is_number = |name: &String| row.get(name).is_none_or(|value| value.get("N").is_some());
                (!numbers.keys().all(is_number)).then_some("ValidationError")
            }
        };
        if actions.iter().any(|action| no_number(action).is_some()) {
            return Err(cancelled(actions, no_number));
        }
        if actions
            .iter()
            .any(|action| action.key().0.is_empty() || action.key().1.is_empty())
        {
            return Err(StoreError::Rejected("a key attribute is empty".into()));
        }
        let refusal = |action: &Action| self.refused.get(action.key().0.strip_prefix("evt#")?);
        match actions.iter().find_map(refusal) {
            Some(Refusal::Request) => Err(StoreError::Rejected("ValidationException".into())),
            Some(Refusal::Reason) => Err(cancelled(actions, |action| {
                refusal(action).map(|_| "ValidationError")
            })),
            None => Ok(()),
        }
    }

    fn write(&mut self, action: Action) {
        match action {
            Action::Put { key, item, .. } => {
                assert!(is_marker(&key), "an aggregate is overwritten: {key:?}");
                self.rows.insert(key, item);
            }
            Action::Add { key, numbers, .. } => {
                assert!(!is_marker(&key), "a marker is counted: {key:?}");
                let row = self.rows.entry(key.clone()).or_insert_with(|| {
                    let item = json!({ "userid": { "S": key.0 }, "date": { "S": key.1 } });
                    item.as_object().unwrap().clone()
                });
                let before = number(row, "version");
                for (name, summand) in numbers {
                    let sum = decimal(row, &name) + summand;
                    row.insert(name, json!({ "N": sum.to_string() }));
                }
                assert_eq!(
                    number(row, "version"),
                    before + 1,
                    "a write's version is the last one's + 1"
                );
                *self.commits.entry(key).or_default() += 1;
            }
        }
    }
}

fn cancelled(actions: &[Action], code: impl Fn(&Action) -> Option<&'static str>) -> StoreError {
    StoreError::TransactionCanceled(
        actions
            .iter()
            .map(|action| CancellationReason {
                code: code(action).unwrap_or("None").to_owned(),
                message: None,
            })
            .collect(),
    )
}
