//! The user's profile, with the edits that the backend has not acknowledged.

use caltrack_domain::{
    Profile, Targets,
    outbox::{Command, Members, ProfileChange},
};
use jiff::civil::Date;

use super::effect::Effect;

/// The profile of the signed-in user.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UserProfile {
    /// As the backend last had it; none without one.
    stored: Option<Profile>,
    /// With what is queued; none without a profile.
    shown: Option<Profile>,
    /// Whether edits of it are queued.
    is_queued: bool,
}

/// What the queue did to the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Followed {
    /// It is the same.
    Same,
    /// It shows other values.
    Changed,
    /// Its edits were sent or dropped: the backend knows the values.
    Settled,
}

impl UserProfile {
    pub(super) const fn new(stored: Option<Profile>) -> Self {
        Self {
            shown: None,
            is_queued: false,
            stored,
        }
    }

    /// The profile with what is queued; none without one.
    pub fn shown(&self) -> Option<&Profile> {
        self.shown.as_ref().or(self.stored.as_ref())
    }

    /// Whether this many writes of the row are known; 0 stands for an unknown number.
    pub(super) fn has(&self, rev: u32) -> bool {
        rev > 0 && self.stored.as_ref().is_some_and(|stored| stored.rev >= rev)
    }

    /// Whether edits of it are queued.
    pub const fn is_queued(&self) -> bool {
        self.is_queued
    }

    /// Takes the profile as the backend has it.
    pub(super) fn take<'a>(
        &mut self,
        stored: Option<Profile>,
        queued: impl Iterator<Item = &'a Command>,
        username: &str,
    ) {
        self.stored = stored;
        self.follow(queued, username);
    }

    /// Takes members of the profile as the backend has just acknowledged them.
    pub(super) fn acknowledged(&mut self, members: Members, username: &str) {
        let before = self.stored.take().unwrap_or_else(|| Profile::new(username));
        let change = ProfileChange {
            before: Members::new(),
            patch: members,
        };
        self.stored = Some(change.applied(before));
    }

    /// Applies what is queued.
    pub(super) fn follow<'a>(
        &mut self,
        queued: impl Iterator<Item = &'a Command>,
        username: &str,
    ) -> Followed {
        let mut shown = self.stored.clone();
        let mut is_queued = false;
        for command in queued {
            if let Command::Profile(change) = command {
                is_queued = true;
                let before = shown.take().unwrap_or_else(|| Profile::new(username));
                shown = Some(change.applied(before));
            }
        }
        let was_queued = std::mem::replace(&mut self.is_queued, is_queued);
        if was_queued && !is_queued {
            self.shown = shown;
            return Followed::Settled;
        }
        if self.shown == shown {
            return Followed::Same;
        }
        self.shown = shown;
        Followed::Changed
    }

    /// The targets of days, as of `today`.
    pub(super) fn targets(&self, today: Date) -> Targets {
        self.shown().map_or_else(Targets::default, |profile| {
            Targets::of_profile(profile.targets.clone(), profile.target, today)
        })
    }

    /// Whether burned kcal are added to what remains.
    pub(super) fn counts_exercise(&self) -> bool {
        self.shown().is_none_or(|profile| profile.count_exercise)
    }

    /// The effect that saves an edit as a step of this name.
    pub(super) fn saving(&self, name: String, username: &str, patch: Members) -> Effect {
        let before = self.shown().cloned();
        let before = before.unwrap_or_else(|| Profile::new(username));
        Effect::SaveChanges {
            request: None,
            name,
            commands: vec![Command::Profile(ProfileChange::of(&before, patch))],
        }
    }
}
