//! Everything that can happen to the screens. Plain data, from the terminal, the clock and finished effects.

use std::sync::Arc;

use caltrack_domain::{
    Activity, Category, DailyTotals, Display, Entry, TypeKcal,
    outbox::{Collision, Library, Members, Undo},
};
use jiff::{Zoned, civil::Date};

use super::{
    dialogs::draft::Draft,
    effect::{AccountTask, DaysFor},
    failure::Failure,
    import::{FileReading, ImportReport},
    input::{action::Motion, key::Key, keymap::Keymap, mouse::Target},
    model::{Connection, DayChange, DayCopy, Direction, Progress, QueueChange, QueueCopy, Request, Settings},
    names::LogNames,
    session::command::AccountAnswer,
    shell::theme::Themes,
};

/// The answer to a [`super::effect::Query`].
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "few exist at a time")]
pub enum Answer {
    /// The categories, by name.
    Categories(Vec<Category>),
    /// What the user's row has.
    User {
        /// What the profile decides; the defaults if there is none.
        settings: Settings,
        /// The library as this computer's copy has it now; none if nothing was read.
        library: Option<Library>,
    },
    /// Foods that fit; their days and moments mean nothing.
    Suggestions(Vec<Entry>),
}

/// What the configuration says of the screens.
#[derive(Debug, Clone, PartialEq)]
pub struct Configured {
    /// How the screens show things.
    pub display: Display,
    /// The themes that can be chosen.
    pub themes: Themes,
    /// What the keys do.
    pub keymap: Keymap,
    /// A sentence about each line or theme that is ignored.
    pub problems: Vec<String>,
}

/// An event of the terminal, the clock, a finished effect or the live connection.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a few hundred messages wait at most")]
pub enum Message {
    // ─── Terminal and clock ───
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(String),
    /// The mouse was pressed on something.
    Click(Target),
    /// The wheel was turned.
    Wheel(Motion),
    /// The terminal has a new size, in cells.
    Resized {
        /// The number of columns.
        width: u16,
        /// The number of rows.
        height: u16,
    },
    /// The time, in the user's time zone. Sent before every other message, and when a day begins.
    Clock(Zoned),
    /// The program is to end (SIGTERM, a closed terminal).
    Terminate,

    // ─── The account ───
    /// Answers [`super::Effect::Account`].
    Account {
        /// The number of the effect that is answered.
        request: Request,
        /// The user pool's answer.
        result: Result<AccountAnswer, Failure>,
    },
    /// The session has ended: by [`super::Effect::SignOut`], revoked, or by another program.
    SignedOut {
        /// Why, if it wasn't requested here.
        reason: Option<Failure>,
    },

    /// Answers [`super::Effect::ListProfiles`].
    Profiles(Vec<String>),
    /// A command about the whole account reports how far it is.
    TaskProgress(String),
    /// A command about the whole account has ended, with its report.
    TaskEnded {
        /// The command.
        task: AccountTask,
        /// What it reports, or why it failed.
        result: Result<String, Failure>,
    },

    // ─── Answers ───
    /// Answers [`super::Effect::Load`]. Categories also come unrequested, before a sign-in is answered, so that a user who
    /// types a line at once finds the types known.
    Loaded {
        /// The number of the effect that is answered.
        request: Request,
        /// The backend's answer, or why there is none.
        result: Result<Answer, Failure>,
    },
    /// Answers [`super::Effect::Save`]: the step is on the disk, or why it isn't.
    Saved {
        /// The number of the effect that is answered.
        request: Request,
        /// Nothing is written if it failed.
        result: Result<(), Failure>,
    },
    /// Answers [`super::Effect::SaveChanges`]: the step is on the disk, or why it isn't.
    ChangesSaved {
        /// The number of the effect that is answered.
        request: Option<Request>,
        /// The step's name; nothing is written if it failed.
        result: Result<String, Failure>,
    },
    /// Answers [`super::Effect::Undo`].
    Undone {
        /// The direction of the effect.
        direction: Direction,
        /// What was undone, or why the outbox can't be written.
        result: Result<Undo, Failure>,
    },

    /// Answers [`super::Effect::CompletePath`].
    PathCompleted {
        /// The path as it was typed.
        typed: String,
        /// The path as far as it is certain.
        completed: String,
        /// The names that go on from there, if there are several.
        found: Vec<String>,
    },
    /// Answers [`super::Effect::ReadImport`].
    FileRead {
        /// The number of the effect that is answered.
        request: Request,
        /// What the file has, or why it can't be imported.
        result: Result<FileReading, Failure>,
    },
    /// How far [`super::Effect::StartImport`] is, in rows.
    ImportProgress {
        /// The number of the effect.
        request: Request,
        /// The rows that are done, and all of them.
        progress: Progress,
    },
    /// Answers [`super::Effect::StartImport`].
    Imported {
        /// The number of the effect that is answered.
        request: Request,
        /// What became of it, or why it ended.
        result: Result<ImportReport, Failure>,
    },

    // ─── The log of a user (`sub`) ───
    /// Answers [`super::Effect::LoadNames`].
    Names {
        /// Whose log it is.
        sub: String,
        /// The names and weights.
        names: Arc<LogNames>,
    },
    /// Answers [`super::Effect::Search`].
    Found {
        /// Whose log it is.
        sub: String,
        /// The words that were searched.
        text: String,
        /// The newest entries that have them, newest first.
        entries: Vec<Activity>,
    },
    /// Members of the profile that the backend has just acknowledged, before the queue is without them.
    ProfileSaved {
        /// Whose profile it is.
        sub: String,
        /// As they are now.
        members: Members,
    },
    /// The profile or the library of the signed-in user was written, by any program.
    UserChanged {
        /// The number of writes of both; 0 if it is unknown.
        rev: u32,
    },
    /// The library of a user, whenever this computer's copy has changed.
    Library {
        /// Whose library it is.
        sub: String,
        /// The library.
        library: Library,
    },
    /// The watched day as a whole.
    Day {
        /// Whose log it is.
        sub: String,
        /// The day.
        day: DayCopy,
    },
    /// Answers [`super::Effect::ReadDays`].
    Days {
        /// Whose log it is.
        sub: String,
        /// The purpose of the effect.
        purpose: DaysFor,
        /// The days in order, the last one included, with their entries.
        days: Vec<(Date, Vec<Activity>)>,
    },
    /// Answers [`super::Effect::ReadShares`].
    Shares {
        /// Whose log it is.
        sub: String,
        /// The kcal of each type on each day.
        parts: Vec<(Date, TypeKcal)>,
    },
    /// A change of the watched day.
    DayChanged {
        /// Whose log it is.
        sub: String,
        /// The day.
        date: Date,
        /// The change.
        change: DayChange,
    },
    /// The totals of all days that have some.
    AllTotals {
        /// Whose log it is.
        sub: String,
        /// In ascending order.
        days: Vec<DailyTotals>,
    },
    /// The totals of a day have changed.
    Totals {
        /// Whose log it is.
        sub: String,
        /// As last received; they replace those of their day.
        totals: DailyTotals,
    },
    /// The backend has answered a query of the watched day. What it changed came before.
    DayAnswered {
        /// Whose log it is.
        sub: String,
        /// The day.
        date: Date,
    },
    /// The watched day could not be fetched.
    DayFailed {
        /// Whose log it is.
        sub: String,
        /// The day.
        date: Date,
        /// Why.
        failure: Failure,
    },
    /// The queue of a user.
    Queue {
        /// Whose changes they are.
        sub: String,
        /// The queue.
        queue: QueueCopy,
    },
    /// What has changed in the queue of a user since the last message about it.
    QueueChanged {
        /// Whose changes they are.
        sub: String,
        /// What has changed.
        change: QueueChange,
    },
    /// A part of a change was not made, since another program changed the same meanwhile.
    Collision(Collision),
    /// Answers [`super::Effect::RecallDrafts`].
    Drafts {
        /// Whose drafts they are.
        sub: String,
        /// The newest is last.
        drafts: Vec<Draft>,
    },
    /// How far the first sync is; none once it is over.
    SyncProgress(Option<Progress>),
    /// The connection's state changed.
    Connection(Connection),
    /// The configuration file or a theme was changed by another program, or by this one.
    Configured(Box<Configured>),
    /// A notice for the user.
    Notice(String),
    /// Something failed that no effect waits for.
    Problem(Failure),
}
