//! The first screen of a signed-out user.

use super::{command::AccountCommand, form::AccountForm, purpose::Purpose};
use crate::app::{
    effect::Effect,
    failure::Failure,
    input::{
        action::{Action, Control},
        bindings::Meaning,
        context::Context,
        key::Key,
    },
    model::Request,
    reaction::Reaction,
    shell::Shell,
};

/// A choice of the first screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The account on this computer.
    Local,
    /// An account with a name and a password.
    SignIn,
    /// A new account with a name and a password.
    SignUp,
    /// A forgotten password, replaced by a code.
    Forgot,
}

/// The state of the first screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Start {
    /// The selected choice, from the top.
    pub selected: usize,
    /// The attempt in flight.
    pub busy: Option<Request>,
    /// Why the last attempt failed, or the session ended.
    pub failure: Option<Failure>,
}

impl Start {
    /// The choices, from the top.
    pub const fn choices(has_local_account: bool) -> &'static [Choice] {
        if has_local_account {
            &[Choice::Local, Choice::SignIn, Choice::SignUp, Choice::Forgot]
        } else {
            &[Choice::SignIn, Choice::SignUp, Choice::Forgot]
        }
    }

    pub(super) fn press(&mut self, shell: &mut Shell, key: Key) -> Reaction<AccountForm> {
        let meaning = shell.keymap.meaning(Context::Start, key);
        if let Some(Meaning::Action(action @ (Action::Quit | Action::Help))) = meaning {
            return Reaction::Run(action);
        }
        if self.busy.is_some() {
            return Reaction::Stay;
        }
        let choices = Self::choices(shell.has_local_account);
        match meaning {
            Some(Meaning::Action(action)) => Reaction::Run(action),
            Some(Meaning::Control(Control::Move(motion))) => {
                self.selected = motion.from(self.selected, 1, choices.len().saturating_sub(1));
                Reaction::Stay
            }
            Some(Meaning::Control(Control::Confirm)) => match choices.get(self.selected) {
                Some(Choice::Local) => Reaction::Perform(self.start_locally(shell)),
                Some(Choice::SignIn) => Reaction::Open(AccountForm::new(Purpose::SignIn)),
                Some(Choice::SignUp) => Reaction::Open(AccountForm::new(Purpose::SignUp)),
                Some(Choice::Forgot) => Reaction::Open(AccountForm::new(Purpose::Forgot)),
                None => Reaction::Stay,
            },
            Some(Meaning::Control(Control::NextField | Control::PreviousField | Control::Back)) | None => {
                Reaction::Stay
            }
        }
    }

    fn start_locally(&mut self, shell: &mut Shell) -> Effect {
        let request = shell.request();
        self.busy = Some(request);
        self.failure = None;
        Effect::Account {
            request,
            command: AccountCommand::StartOnThisComputer,
        }
    }
}
