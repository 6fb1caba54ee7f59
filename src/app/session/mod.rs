//! The session: signing up, in and out, and what else concerns the account.

pub mod command;
pub mod form;
pub mod purpose;
pub mod start;

use self::{
    command::{AccountAnswer, AccountCommand},
    form::AccountForm,
    purpose::Purpose,
    start::Start,
};
use super::{
    effect::Effect,
    failure::Failure,
    input::{context::Context, key::Key},
    model::{Account, Request},
    reaction::Reaction,
    shell::{Shell, Tone},
    text,
};

/// Who is signed in, and what the account's screens show.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Whether a user is signed in.
    pub stage: Stage,
    /// The `sub` of the last user. What that user has typed and undone belongs to no other.
    owner: Option<String>,
}

/// Whether a user is signed in.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// No user is signed in.
    SignedOut(SignedOut),
    /// A user is signed in.
    SignedIn(SignedIn),
}

/// What a signed-out user sees.
#[derive(Debug, Clone, PartialEq)]
pub enum SignedOut {
    /// The first screen with its choices.
    Start(Start),
    /// A form about the account.
    Form(AccountForm),
}

/// What is known of the signed-in user.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedIn {
    /// The user who is signed in.
    pub account: Account,
    /// A form about the account over the screen.
    pub form: Option<AccountForm>,
    /// The command in flight that needs no form.
    request: Option<Request>,
}

/// The result of a response of the user pool.
#[derive(Debug, PartialEq)]
pub(super) enum Report {
    /// Nothing that concerns others.
    Nothing,
    /// A user has signed in.
    SignedIn {
        /// Whether it is another user than before.
        is_other: bool,
        /// Whether a forgotten password was replaced for it.
        after_reset: bool,
    },
}

impl Session {
    pub(super) fn new() -> Self {
        Self {
            stage: Stage::SignedOut(SignedOut::Start(Start::default())),
            owner: None,
        }
    }

    /// The signed-in user; none if no user is signed in.
    pub fn account(&self) -> Option<&Account> {
        match &self.stage {
            Stage::SignedIn(signed_in) => Some(&signed_in.account),
            Stage::SignedOut(_) => None,
        }
    }

    /// The `sub` of the signed-in user, or of the last one.
    pub(super) fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Whether a user of this `sub` is signed in.
    pub(super) fn is_of(&self, sub: &str) -> bool {
        self.account().is_some_and(|account| account.sub == sub)
    }

    /// The form about the account that is open.
    pub fn form(&self) -> Option<&AccountForm> {
        match &self.stage {
            Stage::SignedOut(SignedOut::Form(form)) => Some(form),
            Stage::SignedOut(SignedOut::Start(_)) => None,
            Stage::SignedIn(signed_in) => signed_in.form.as_ref(),
        }
    }

    fn form_mut(&mut self) -> Option<&mut AccountForm> {
        match &mut self.stage {
            Stage::SignedOut(SignedOut::Form(form)) => Some(form),
            Stage::SignedOut(SignedOut::Start(_)) => None,
            Stage::SignedIn(signed_in) => signed_in.form.as_mut(),
        }
    }

    /// Where its keys apply; none where the screens of a signed-in user take the keys.
    pub(super) fn context(&self) -> Option<Context> {
        match &self.stage {
            Stage::SignedOut(SignedOut::Start(_)) => Some(Context::Start),
            Stage::SignedOut(SignedOut::Form(_)) => Some(Context::Account),
            Stage::SignedIn(signed_in) => signed_in.form.as_ref().map(|_| Context::Account),
        }
    }

    fn show(&mut self, form: AccountForm) {
        match &mut self.stage {
            Stage::SignedOut(signed_out) => *signed_out = SignedOut::Form(form),
            Stage::SignedIn(signed_in) => signed_in.form = Some(form),
        }
    }

    /// Gives a key to the first screen or to the open form.
    pub(super) fn press(&mut self, shell: &mut Shell, key: Key) -> Reaction {
        let reaction = match &mut self.stage {
            Stage::SignedOut(SignedOut::Start(start)) => start.press(shell, key),
            Stage::SignedOut(SignedOut::Form(form)) => form.press(shell, key).map(|never| match never {}),
            Stage::SignedIn(signed_in) => match &mut signed_in.form {
                Some(form) => form.press(shell, key).map(|never| match never {}),
                None => Reaction::Stay,
            },
        };
        match reaction {
            Reaction::Open(form) => self.show(form),
            Reaction::Close => self.close_form(),
            Reaction::Stay => {}
            Reaction::Submit(commands) => return Reaction::Submit(commands),
            Reaction::Run(action) => return Reaction::Run(action),
            Reaction::Pick(pick) => return Reaction::Pick(pick),
            Reaction::Perform(effect) => return Reaction::Perform(effect),
            Reaction::Finish(effect) => {
                self.close_form();
                return Reaction::Perform(effect);
            }
        }
        Reaction::Stay
    }

    fn close_form(&mut self) {
        match &mut self.stage {
            Stage::SignedIn(signed_in) => signed_in.form = None,
            Stage::SignedOut(signed_out) => {
                let busy = match signed_out {
                    // An answer that comes later still signs in: the session exists by then.
                    SignedOut::Form(form) => form.busy,
                    SignedOut::Start(start) => start.busy,
                };
                *signed_out = SignedOut::Start(Start {
                    busy,
                    ..Start::default()
                });
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(form) = self.form_mut() {
            form.paste(text);
        }
    }

    /// Opens an empty form.
    pub(super) fn open_form(&mut self, purpose: Purpose) {
        self.show(AccountForm::new(purpose));
    }

    /// Sends another code, if the open form waits for one.
    pub(super) fn resend(&mut self, shell: &mut Shell) -> Option<Effect> {
        self.form_mut()?.resend(shell)
    }

    /// Sends a command that needs no form.
    pub(super) fn send(&mut self, command: AccountCommand, shell: &mut Shell) -> Option<Effect> {
        let Stage::SignedIn(signed_in) = &mut self.stage else {
            return None;
        };
        let request = shell.request();
        signed_in.request = Some(request);
        shell.notify(Tone::Info, "one moment…");
        Some(Effect::Account { request, command })
    }

    /// A user has signed in; returns whether it is another one than before.
    pub(super) fn enter(&mut self, account: Account) -> bool {
        let is_other = self.owner.as_deref() != Some(account.sub.as_str());
        self.owner = Some(account.sub.clone());
        self.stage = Stage::SignedIn(SignedIn {
            account,
            form: None,
            request: None,
        });
        is_other
    }

    /// The session has ended; returns whether there was one.
    pub(super) fn end(&mut self, reason: Option<Failure>, has_local_account: bool) -> bool {
        let Some(account) = self.account() else {
            return false;
        };
        self.stage = Stage::SignedOut(if has_local_account {
            SignedOut::Start(Start {
                failure: reason,
                ..Start::default()
            })
        } else {
            SignedOut::Form(AccountForm {
                failure: reason,
                ..AccountForm::new(Purpose::SignIn).named(&account.username)
            })
        });
        true
    }

    /// Handles a response of the user pool; ignores that of another attempt.
    pub(super) fn answered(
        &mut self,
        request: Request,
        result: Result<AccountAnswer, Failure>,
        shell: &mut Shell,
    ) -> Report {
        let busy = match &mut self.stage {
            Stage::SignedOut(SignedOut::Start(start)) => &mut start.busy,
            Stage::SignedOut(SignedOut::Form(form)) => &mut form.busy,
            Stage::SignedIn(signed_in) => match &mut signed_in.form {
                Some(form) => &mut form.busy,
                None => &mut signed_in.request,
            },
        };
        if busy.take_if(|busy| *busy == request).is_none() {
            return Report::Nothing;
        }
        match result {
            Ok(answer) => self.proceed(answer, shell),
            Err(failure) => {
                self.fail(failure, shell);
                Report::Nothing
            }
        }
    }

    fn fail(&mut self, failure: Failure, shell: &mut Shell) {
        match &mut self.stage {
            Stage::SignedOut(SignedOut::Start(start)) => start.failure = Some(failure),
            Stage::SignedOut(SignedOut::Form(form)) | Stage::SignedIn(SignedIn { form: Some(form), .. }) => {
                form.fail(failure);
            }
            Stage::SignedIn(SignedIn { form: None, .. }) => {
                shell.notify(Tone::Problem, text::failed(&failure, "nothing was changed"));
            }
        }
    }

    fn proceed(&mut self, answer: AccountAnswer, shell: &mut Shell) -> Report {
        let next = match answer {
            AccountAnswer::SignedIn(account) => {
                let after_reset = self
                    .form()
                    .is_some_and(|form| matches!(form.purpose, Purpose::Reset { .. }));
                let is_other = self.enter(account);
                return Report::SignedIn {
                    is_other,
                    after_reset,
                };
            }
            AccountAnswer::Executed => {
                self.executed(shell);
                return Report::Nothing;
            }
            AccountAnswer::Challenged(challenge) => AccountForm::new(Purpose::Challenge(challenge)),
            AccountAnswer::NotConfirmed => self
                .confirmation()
                .noting("The account waits for its confirmation code"),
            AccountAnswer::CodeSent { notice } => self.code_form().noting(notice),
            AccountAnswer::Confirmed => AccountForm::new(Purpose::SignIn)
                .named(&self.username())
                .noting("The account is confirmed"),
            AccountAnswer::Secret(secret) => AccountForm::new(Purpose::Authenticator {
                username: self.username(),
                secret,
            }),
        };
        self.show(next);
        Report::Nothing
    }

    /// A command of the signed-in user was executed.
    fn executed(&mut self, shell: &mut Shell) {
        let Stage::SignedIn(signed_in) = &mut self.stage else {
            return;
        };
        let text = match signed_in.form.take().map(|form| form.purpose) {
            Some(Purpose::ChangePassword) => "the password is changed",
            Some(Purpose::Authenticator { .. }) => {
                "from now on, signing in requires your authenticator's code"
            }
            Some(
                Purpose::SignIn
                | Purpose::SignUp
                | Purpose::Confirm { .. }
                | Purpose::Forgot
                | Purpose::Reset { .. }
                | Purpose::Challenge(_),
            ) => "done",
            None => "signing in requires no code any more",
        };
        shell.notify(Tone::Good, text);
    }

    /// The user name that the open form is about.
    fn username(&self) -> String {
        if let Some(account) = self.account() {
            return account.username.clone();
        }
        let Some(form) = self.form() else {
            return String::new();
        };
        match &form.purpose {
            Purpose::Confirm { username, .. } | Purpose::Reset { username } => username.clone(),
            Purpose::Challenge(challenge) => challenge.user_id.clone(),
            Purpose::SignIn
            | Purpose::SignUp
            | Purpose::Forgot
            | Purpose::ChangePassword
            | Purpose::Authenticator { .. } => form
                .inputs
                .first()
                .map_or_else(String::new, |input| input.field.value().trim().to_owned()),
        }
    }

    /// The form for a new user's code. The typed password signs in right after.
    fn confirmation(&self) -> AccountForm {
        let password = self.form().and_then(|form| match form.command() {
            AccountCommand::SignIn { password, .. } | AccountCommand::SignUp { password, .. } => {
                Some(password)
            }
            AccountCommand::Confirm { password, .. } => password,
            AccountCommand::StartOnThisComputer
            | AccountCommand::Resend { .. }
            | AccountCommand::Forgot { .. }
            | AccountCommand::Reset { .. }
            | AccountCommand::Answer { .. }
            | AccountCommand::ChangePassword { .. }
            | AccountCommand::BeginAuthenticator
            | AccountCommand::FinishAuthenticator { .. }
            | AccountCommand::TurnOffTwoStep => None,
        });
        AccountForm::new(Purpose::Confirm {
            username: self.username(),
            password,
        })
    }

    /// The form for the code that was just sent.
    fn code_form(&self) -> AccountForm {
        let is_forgotten = self
            .form()
            .is_some_and(|form| matches!(form.purpose, Purpose::Forgot | Purpose::Reset { .. }));
        if is_forgotten {
            AccountForm::new(Purpose::Reset {
                username: self.username(),
            })
        } else {
            self.confirmation()
        }
    }
}
