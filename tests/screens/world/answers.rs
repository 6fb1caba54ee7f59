//! What the backend and the user pool answer.

use caltrack_client::api::ApiError;
use caltrack_tui::app::{self, Day, Effect, Failure, FailureKind, Message, Query, Request, Target};

use super::{DayLoad, UNKNOWN, World, day};
use crate::{
    entries::{Entry, categories},
    pool::{Answer, ask, signed_in},
};
use caltrack_domain::DailyTotals;

/// Answers to reads.
impl World {
    /// Answers the loads among the last effects.
    pub(crate) fn answer_reads(&mut self, entries: &[Entry], totals: &DailyTotals) {
        for effect in std::mem::take(&mut self.effects) {
            match effect {
                Effect::Load {
                    query: Query::Categories,
                    ..
                } => {
                    self.categories_loaded();
                }
                Effect::Load {
                    request,
                    query: Query::Target,
                } => {
                    let target = Target::default();
                    self.target_loaded(request, target.kcal, target.count_exercise);
                }
                Effect::Load {
                    request,
                    query: Query::Day(date),
                } => {
                    self.day_loaded(DayLoad { request, date }, entries, totals);
                }
                _ => {}
            }
        }
    }

    /// Answers the load of a day among the last effects.
    #[track_caller]
    pub(crate) fn answer_day(&mut self, entries: &[Entry], totals: &DailyTotals) -> &mut Self {
        let load = self.load().expect("a load of a day");
        self.day_loaded(load, entries, totals)
    }

    pub(crate) fn day_loaded(&mut self, load: DayLoad, entries: &[Entry], totals: &DailyTotals) -> &mut Self {
        self.loaded_as(load, Ok(day(entries, totals)))
    }

    pub(crate) fn day_failed(&mut self, load: DayLoad, kind: FailureKind, message: &str) -> &mut Self {
        self.loaded_as(load, Err(Failure::new(kind, message)))
    }

    /// The backend has something to note about the day, such as rows that can't be read.
    pub(crate) fn day_loaded_with_notice(&mut self, load: DayLoad, notice: &str) -> &mut Self {
        let totals = DailyTotals::empty(load.date);
        let noted = Day {
            notice: Some(notice.to_owned()),
            ..day(&[], &totals)
        };
        self.loaded_as(load, Ok(noted))
    }

    fn loaded_as(&mut self, load: DayLoad, result: Result<Day, Failure>) -> &mut Self {
        self.loaded_by(load.request, result.map(app::Answer::Day))
    }

    fn loaded_by(&mut self, request: Request, result: Result<app::Answer, Failure>) -> &mut Self {
        self.send(Message::Loaded { request, result })
    }

    /// The cache has the day; the backend's answer is still to come.
    pub(crate) fn day_cached(&mut self, load: DayLoad, entries: &[Entry], totals: &DailyTotals) -> &mut Self {
        let answer = app::Answer::Day(day(entries, totals));
        let request = load.request;
        self.send(Message::Cached { request, answer })
    }

    /// The categories come by themselves, as after a sign-in.
    pub(crate) fn categories_loaded(&mut self) -> &mut Self {
        self.loaded_by(UNKNOWN, Ok(app::Answer::Categories(categories())))
    }

    pub(crate) fn categories_failed(
        &mut self,
        request: Request,
        kind: FailureKind,
        message: &str,
    ) -> &mut Self {
        self.loaded_by(request, Err(Failure::new(kind, message)))
    }

    pub(crate) fn target_loaded(&mut self, request: Request, kcal: u32, count_exercise: bool) -> &mut Self {
        let target = Target { kcal, count_exercise };
        self.loaded_by(request, Ok(app::Answer::Target(target)))
    }

    pub(crate) fn target_failed(&mut self, request: Request, kind: FailureKind, message: &str) -> &mut Self {
        self.loaded_by(request, Err(Failure::new(kind, message)))
    }

    /// The pause among the last effects is over.
    #[track_caller]
    pub(crate) fn end_pause(&mut self) -> &mut Self {
        let request = self.pause().expect("a pause");
        self.pause_over(request)
    }

    pub(crate) fn pause_over(&mut self, request: Request) -> &mut Self {
        self.send(Message::SettleElapsed { request })
    }
}

/// Answers to saves.
impl World {
    pub(crate) fn saved(&mut self, request: Request, stored: &Entry) -> &mut Self {
        let result = Ok(stored.stored());
        self.send(Message::Saved { request, result })
    }

    pub(crate) fn failed(&mut self, request: Request, kind: FailureKind, message: &str) -> &mut Self {
        let result = Err(Failure::new(kind, message));
        self.send(Message::Saved { request, result })
    }

    pub(crate) fn failed_by(&mut self, request: Request, error: ApiError) -> &mut Self {
        let result = Err(error.into());
        self.send(Message::Saved { request, result })
    }
}

/// Answers of the user pool.
impl World {
    /// Answers the question among the last effects.
    #[track_caller]
    pub(crate) fn answer(&mut self, answer: Answer) -> &mut Self {
        let (request, _) = self.asked();
        self.answer_to(request, answer)
    }

    pub(crate) fn answer_to(&mut self, request: Request, answer: Answer) -> &mut Self {
        let result = Ok(answer);
        self.send(Message::Account { request, result })
    }

    #[track_caller]
    pub(crate) fn refuse(&mut self, kind: FailureKind, message: &str) -> &mut Self {
        let (request, _) = self.asked();
        self.refuse_to(request, kind, message)
    }

    pub(crate) fn refuse_to(&mut self, request: Request, kind: FailureKind, message: &str) -> &mut Self {
        let result = Err(Failure::new(kind, message));
        self.send(Message::Account { request, result })
    }

    /// Enter on the start screen; the pool answers that this account is signed in.
    #[track_caller]
    pub(crate) fn start_here_as(&mut self, name: &str) -> &mut Self {
        self.enter();
        assert_eq!(self.asked().1, ask::start_here());
        self.answer(signed_in(name))
    }

    /// The session ended as it was asked to.
    pub(crate) fn signed_out(&mut self) -> &mut Self {
        self.send(Message::SignedOut { reason: None })
    }

    pub(crate) fn session_revoked(&mut self, message: &str) -> &mut Self {
        let reason = Some(Failure::new(FailureKind::SignedOut, message));
        self.send(Message::SignedOut { reason })
    }
}
