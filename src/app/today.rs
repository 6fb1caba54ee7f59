//! A day on the screen: loading it, keeping it fresh, and moving about in it.

use std::collections::HashSet;

use caltrack_domain::{Activity, Booking, DailyTotals};
use jiff::{Timestamp, Zoned, civil::Date};

use super::{
    ChangeKind, Connection, Day, Effect, Failure, FailureKind, Request, State, account,
    action::Motion,
    categories, form,
    rows::{self, Mark, Row},
    state::{Screen, Tone},
};

/// Whether what is shown is what the backend has.
#[derive(Debug, Clone, PartialEq)]
pub enum Load {
    /// Nothing has been answered yet. What this computer remembers may be shown meanwhile.
    Loading,
    /// As the backend has it.
    Ready,
    /// What is shown, if anything, is from before.
    Failed(Failure),
}

/// The day on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Today {
    /// Which day.
    pub date: Date,
    /// Whether the screen goes on to the next day at midnight.
    pub follows: bool,
    /// Whether what is shown is what the backend has.
    pub load: Load,
    /// Whether anything is known of the day at all, be it from before.
    pub known: bool,
    /// As the backend last counted them; never added up here.
    pub totals: Option<DailyTotals>,
    /// The list's lines.
    pub rows: Vec<Row>,
    /// The selected line.
    pub selected: usize,
    /// As last listed.
    pub(super) list: Vec<Activity>,
    /// The ids of the lines.
    pub(super) ids: HashSet<String>,
    asked: Option<Asked>,
    /// The pause before the list is compared with newer totals.
    pause: Option<Pause>,
    /// The day was not queried yet: it is once the subscription is active, has failed, or takes too long.
    first: Option<Pause>,
}

/// A pause, so that what is on its way can arrive.
#[derive(Debug, Clone, PartialEq)]
struct Pause {
    request: Request,
    /// Something arrived meanwhile, so that more may be on its way.
    stirred: bool,
    /// Pauses before it, one upon the other.
    before: u8,
}

/// What never calms down is looked at all the same.
const MOST_PAUSES: u8 = 10;

/// A connection that takes longer than this many pauses is not waited for.
const PAUSES_BEFORE_THE_FIRST: u8 = 3;

/// The load under way.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    request: Request,
    /// When.
    at: Timestamp,
    /// The totals' version on the screen then.
    version: Option<u64>,
    /// Something has happened since that the answer may not know of.
    again: bool,
}

impl Today {
    pub(super) fn new(date: Date) -> Self {
        Self {
            date,
            follows: true,
            load: Load::Loading,
            known: false,
            totals: None,
            rows: Vec::new(),
            selected: 0,
            list: Vec::new(),
            ids: HashSet::new(),
            asked: None,
            pause: None,
            first: None,
        }
    }

    /// The selected line.
    pub fn selection(&self) -> Option<&Row> {
        self.rows.get(self.selected)
    }

    pub(super) fn selected_id(&self) -> Option<String> {
        self.selection().map(|row| row.activity.id.clone())
    }

    pub(super) fn select(&mut self, id: &str) {
        if let Some(at) = self.rows.iter().position(|row| row.activity.id == id) {
            self.selected = at;
        }
    }

    fn version(&self) -> Option<u64> {
        self.totals.as_ref().map(|totals| totals.version)
    }

    /// Takes totals that are newer than those shown. Tells whether they were.
    fn offer(&mut self, totals: DailyTotals) -> bool {
        let newer = totals.date == self.date && self.version().is_none_or(|version| totals.version > version);
        if newer {
            self.totals = Some(totals);
        }
        newer
    }
}

/// Shows what this computer remembers of the day.
pub(super) fn remember(state: &mut State, day: Day) {
    if state.today.known || day.totals.date != state.today.date {
        return;
    }
    state.today.known = true;
    state.today.list = day.activities;
    state.today.offer(day.totals);
    state.rebuild_rows();
    state.today.selected = state.today.rows.len().saturating_sub(1);
}

/// Asks for what the screen shows at first. The day waits for the connection, for a moment: if it were queried before
/// the subscription is active, it would have to be queried again.
pub(super) fn begin(state: &mut State) -> Vec<Effect> {
    let mut effects: Vec<Effect> = categories::load(state).into_iter().collect();
    effects.push(load_target(state));
    let request = state.request();
    state.today.first = Some(Pause {
        request,
        stirred: false,
        before: 0,
    });
    effects.push(Effect::Pause { request });
    effects
}

fn load_target(state: &mut State) -> Effect {
    let request = state.request();
    state.target_request = request;
    Effect::LoadTarget { request }
}

/// Asks for the day on the screen. One load is under way at a time.
pub(super) fn load(state: &mut State) -> Vec<Effect> {
    if state.account.is_none() {
        return Vec::new();
    }
    state.today.first = None;
    let request = state.request();
    let date = state.today.date;
    state.today.asked = Some(Asked {
        request,
        at: state.now.timestamp(),
        version: state.today.version(),
        again: false,
    });
    vec![Effect::LoadDay { request, date }]
}

/// As [`load`]; where an answer is awaited already, after it, so that what comes first is shown first.
fn load_after(state: &mut State) -> Vec<Effect> {
    match &mut state.today.asked {
        Some(asked) => {
            asked.again = true;
            Vec::new()
        }
        None => load(state),
    }
}

/// Asks for the day alone: where no subscription tells, somebody looks every few seconds.
pub(super) fn look(state: &mut State) -> Vec<Effect> {
    if state.account.is_none() {
        return Vec::new();
    }
    load_after(state)
}

/// Asks for everything that the screen shows.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    if state.account.is_none() {
        return Vec::new();
    }
    let mut effects: Vec<Effect> = categories::load(state).into_iter().collect();
    effects.push(load_target(state));
    effects.extend(load_after(state));
    effects
}

/// Shows another day.
pub(super) fn go_to(state: &mut State, date: Date) -> Vec<Effect> {
    if date != state.today.date {
        state.today = Today::new(date);
    }
    state.today.follows = date == state.now.date();
    state.rebuild_rows();
    load(state)
}

/// Shows the day before, or after.
pub(super) fn step(state: &mut State, forward: bool) -> Vec<Effect> {
    let date = state.today.date;
    let next = if forward {
        date.tomorrow()
    } else {
        date.yesterday()
    };
    next.map_or_else(|_| Vec::new(), |date| go_to(state, date))
}

pub(super) fn clock(state: &mut State, now: Zoned) -> Vec<Effect> {
    state.now = now;
    let date = state.now.date();
    if state.today.follows && state.today.date != date {
        return go_to(state, date);
    }
    Vec::new()
}

pub(super) fn cached(state: &mut State, request: Request, date: Date, day: Day) -> Vec<Effect> {
    let asked = state
        .today
        .asked
        .as_ref()
        .is_some_and(|asked| asked.request == request);
    if asked && date == state.today.date {
        remember(state, day);
    }
    Vec::new()
}

pub(super) fn loaded(
    state: &mut State,
    request: Request,
    date: Date,
    result: Result<Day, Failure>,
) -> Vec<Effect> {
    let Some(asked) = state.today.asked.take_if(|asked| asked.request == request) else {
        return Vec::new();
    };
    if date != state.today.date {
        return Vec::new();
    }
    match result {
        Ok(day) => take(state, &asked, day),
        Err(failure) if failure.kind == FailureKind::SignedOut => account::ended(state, Some(failure)),
        Err(failure) => {
            state.today.load = Load::Failed(failure);
            if asked.again { load(state) } else { Vec::new() }
        }
    }
}

fn take(state: &mut State, asked: &Asked, day: Day) -> Vec<Effect> {
    let date = state.today.date;
    let first = !state.today.known;
    state.today.load = Load::Ready;
    state.today.known = true;
    if let Some(notice) = day.notice {
        state.say(Tone::Info, notice);
    }
    let version = day.totals.version;
    state.today.offer(day.totals);
    state.overlay.settle(date, &day.activities, asked.at);
    state.today.list = day.activities;
    state.rebuild_rows();
    if first {
        state.today.selected = state.today.rows.len().saturating_sub(1);
    }
    form::rebase(state);
    // The list may be from before what the newer totals count.
    let shown = state.today.version();
    let older = shown > Some(version) && shown > asked.version;
    if asked.again {
        load(state)
    } else if older {
        compare(state)
    } else {
        Vec::new()
    }
}

pub(super) fn live_totals(state: &mut State, sub: &str, totals: DailyTotals) -> Vec<Effect> {
    if !is_mine(state, sub) || !state.today.offer(totals) {
        return Vec::new();
    }
    // An answer under way is checked against these when it comes.
    if state.today.asked.is_some() {
        Vec::new()
    } else {
        compare(state)
    }
}

/// Holds the list against newer totals. Where it accounts for them, nothing was missed; otherwise, what is on its way gets a
/// moment to arrive. An event of an entry comes before the total that counts it, so a load is the exception.
fn compare(state: &mut State) -> Vec<Effect> {
    if let Some(day) = explained(state) {
        return vec![Effect::RememberDay(day)];
    }
    match &mut state.today.pause {
        Some(pause) => {
            pause.stirred = true;
            Vec::new()
        }
        None => pause(state, 0),
    }
}

fn pause(state: &mut State, before: u8) -> Vec<Effect> {
    let request = state.request();
    state.today.pause = Some(Pause {
        request,
        stirred: false,
        before,
    });
    vec![Effect::Pause { request }]
}

/// The moment is over.
pub(super) fn look_again(state: &mut State, request: Request) -> Vec<Effect> {
    if let Some(first) = state.today.first.take_if(|first| first.request == request) {
        return look_first(state, first.before);
    }
    let ended = state.today.pause.take_if(|pause| pause.request == request);
    let Some(ended) = ended.filter(|_| state.today.asked.is_none()) else {
        return Vec::new();
    };
    match explained(state) {
        Some(day) => vec![Effect::RememberDay(day)],
        None if ended.stirred && ended.before < MOST_PAUSES => pause(state, ended.before + 1),
        None => load(state),
    }
}

/// Called when a pause before the first load has ended and the connection isn't established yet.
fn look_first(state: &mut State, before: u8) -> Vec<Effect> {
    if before >= PAUSES_BEFORE_THE_FIRST {
        return load(state);
    }
    let request = state.request();
    state.today.first = Some(Pause {
        request,
        stirred: false,
        before: before + 1,
    });
    vec![Effect::Pause { request }]
}

/// The day on the screen, if its list adds up to its totals.
fn explained(state: &State) -> Option<Day> {
    let today = &state.today;
    let totals = today.totals.as_ref()?;
    let (mut consumed, mut burned) = (0, 0);
    for row in &today.rows {
        let kcal = i64::from(row.activity.entry.kcal);
        match (row.mark, Booking::of(&row.activity.entry.category)) {
            (Mark::Saving | Mark::Deleting, _) => return None,
            (Mark::Saved, Booking::Consumed) => consumed += kcal,
            (Mark::Saved, Booking::Burned) => burned += kcal,
            (Mark::Saved, Booking::Nothing) => {}
        }
    }
    (today.known && (consumed, burned) == (totals.calories_consumed, totals.calories_burned)).then(|| Day {
        activities: today.rows.iter().map(|row| row.activity.clone()).collect(),
        totals: totals.clone(),
        notice: None,
    })
}

pub(super) fn live_activity(state: &mut State, kind: ChangeKind, activity: Activity) -> Vec<Effect> {
    if !is_mine(state, &activity.owner) {
        return Vec::new();
    }
    let gone = match kind {
        ChangeKind::Created | ChangeKind::Updated => false,
        ChangeKind::Deleted => true,
    };
    let now = state.now.timestamp();
    state.overlay.note(activity.clone(), gone, now);
    if kind != ChangeKind::Created || !rows::insert(state, activity) {
        state.rebuild_rows();
        form::rebase(state);
    }
    Vec::new()
}

fn is_mine(state: &State, sub: &str) -> bool {
    state.account.as_ref().is_some_and(|account| account.sub == sub)
}

pub(super) fn connection(state: &mut State, connection: Connection) -> Vec<Effect> {
    let answers = matches!(connection, Connection::Live | Connection::Polling);
    let changed = state.connection != connection;
    let settled = !matches!(connection, Connection::Connecting);
    state.connection = connection;
    if settled && state.today.first.is_some() {
        return load(state);
    }
    // What happened before the subscriptions stood was missed.
    if answers && changed && state.screen == Screen::Today {
        refresh(state)
    } else {
        Vec::new()
    }
}

/// After a save of one's own, where no subscription will tell what it did to the totals.
pub(super) fn catch_up(state: &mut State) -> Vec<Effect> {
    match state.connection {
        Connection::Live => Vec::new(),
        Connection::Connecting | Connection::Polling | Connection::Offline { .. } => load_after(state),
    }
}

/// Moves the selection. A page is half the terminal, so that one keeps one's place.
pub(super) fn move_by(state: &mut State, motion: Motion) {
    let last = state.today.rows.len().saturating_sub(1);
    let page = usize::from(state.size.1 / 2).max(1);
    state.today.selected = motion.from(state.today.selected, page, last);
}
