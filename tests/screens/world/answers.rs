//! What the backend and the user pool answer.

use caltrack_client::outbox::OutboxError;
use caltrack_tui::app::{self, Effect, Failure, FailureKind, Message, Query, Request, Settings};

use super::{DayLoad, UNKNOWN, World};
use crate::{
    entries::{Entry, categories, now},
    pool::{Answer, command, signed_in},
};
use caltrack_domain::{DEFAULT_TARGET, DailyTotals, Profile, Targets, outbox::Library};

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
                    query: Query::Settings,
                } => {
                    self.target_loaded(request, DEFAULT_TARGET, true);
                }
                Effect::WatchDay { date, fresh } => {
                    self.day_loaded(DayLoad { date, fresh }, entries, totals);
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

    fn loaded_by(&mut self, request: Request, result: Result<app::Answer, Failure>) -> &mut Self {
        self.send(Message::Loaded { request, result })
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
        let targets = Targets::of_profile(Vec::new(), kcal, now().date());
        self.settings_loaded(
            request,
            Settings {
                targets,
                count_exercise,
                ..Settings::without_profile(now().time_zone().clone())
            },
        )
    }

    /// The profile or the library was written so many times by now.
    pub(crate) fn user_changed(&mut self, rev: u32) -> &mut Self {
        self.send(Message::UserChanged { rev })
    }

    /// The answer to a query of the user's row after so many writes.
    pub(crate) fn user_loaded(&mut self, request: Request, rev: u32, library: Library) -> &mut Self {
        let profile = Profile {
            rev,
            ..Profile::new("alice")
        };
        let settings = Settings {
            profile: Some(profile),
            ..Settings::without_profile(now().time_zone().clone())
        };
        let library = Some(library);
        self.loaded_by(request, Ok(app::Answer::User { settings, library }))
    }

    pub(crate) fn settings_loaded(&mut self, request: Request, settings: Settings) -> &mut Self {
        let library = None;
        self.loaded_by(request, Ok(app::Answer::User { settings, library }))
    }

    pub(crate) fn target_failed(&mut self, request: Request, kind: FailureKind, message: &str) -> &mut Self {
        self.loaded_by(request, Err(Failure::new(kind, message)))
    }
}

/// Failures of the disk.
impl World {
    pub(crate) fn failed_by(&mut self, request: Request, error: OutboxError) -> &mut Self {
        self.unwritable(request, error.into())
    }
}

/// Answers of the user pool.
impl World {
    /// Answers the question among the last effects.
    #[track_caller]
    pub(crate) fn answer(&mut self, answer: Answer) -> &mut Self {
        let (request, _) = self.account_command();
        self.answer_to(request, answer)
    }

    pub(crate) fn answer_to(&mut self, request: Request, answer: Answer) -> &mut Self {
        let result = Ok(answer);
        self.send(Message::Account { request, result })
    }

    #[track_caller]
    pub(crate) fn refuse(&mut self, kind: FailureKind, message: &str) -> &mut Self {
        let (request, _) = self.account_command();
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
        assert_eq!(self.account_command().1, command::start_here());
        self.answer(signed_in(name))
    }

    /// The session has ended, as the user wanted.
    pub(crate) fn signed_out(&mut self) -> &mut Self {
        self.send(Message::SignedOut { reason: None })
    }

    pub(crate) fn session_revoked(&mut self, message: &str) -> &mut Self {
        let reason = Some(Failure::new(FailureKind::SignedOut, message));
        self.send(Message::SignedOut { reason })
    }
}
