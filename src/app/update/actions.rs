//! What actions do, wherever they come from: a key or the command palette.

use caltrack_domain::{DisplaySetting, Mouse};
use jiff::civil::Date;

use super::{
    account_task,
    context::{context, history_days, surroundings},
    library, log, marked, profile, repeat, saves, suggestions,
};
use crate::app::{
    dialogs::{
        Dialog,
        form::Form,
        help::Help,
        import::ImportDialog,
        palette::Palette,
        queue::{self, QueueDialog},
        quick::Quick,
        saved::SavedList,
        sign_out::SignOutQuestion,
        tools::{Tool, jump::Jump, search::Search, settings::SettingsList, themes::ThemeList, tour::Tour},
    },
    effect::Effect,
    input::action::Action,
    model::Direction,
    session::{command::AccountCommand, purpose::Purpose},
    shell::Tone,
    state::State,
    tab::Tab,
};

/// Runs an action, if it is available.
pub(super) fn run(state: &mut State, action: Action) -> Vec<Effect> {
    let context = context(state);
    if !action.available_in(context) {
        return Vec::new();
    }
    let date = state.log.day.date;
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Help => state.dialogs.open(Dialog::Help(Help::new(context))),
        Action::Palette => state.dialogs.open(Dialog::Palette(Palette::new(context))),
        Action::Add => return add(state),
        Action::AddByForm => {
            let shell = &state.shell;
            let form = Form::blank(date, &state.catalog.categories, &shell.now, shell.display.energy);
            state.dialogs.open(Dialog::Form(Box::new(form)));
        }
        Action::Open | Action::Edit => edit(state),
        Action::Favourite => return library::favourite(state),
        Action::MakeRecipe => library::make_recipe(state),
        Action::Library => state.dialogs.open(Dialog::Library(SavedList::default())),
        Action::NewFood => library::new_food(state),
        Action::Mark => marked::mark(state),
        Action::Copy => return marked::copy(state),
        Action::CopyDay if state.screens.tab == Tab::History => return repeat::copy(selected_day(state)),
        Action::CopyDay => return marked::copy_day(state),
        Action::Repeat => return repeat::open(state),
        Action::Paste => return marked::paste(state),
        Action::MoveTo => marked::move_to(state),
        Action::ChangeType => marked::change_type(state),
        Action::LogAgain => return marked::log_again(state),
        Action::Delete => return marked::delete(state),
        Action::Undo => return saves::undo(Direction::Undo),
        Action::Redo => return saves::undo(Direction::Redo),
        Action::Queue => state.dialogs.open(Dialog::Queue(QueueDialog::default())),
        // Only the dialog knows the row.
        Action::Retry | Action::Drop | Action::RemoveSaved => {}
        Action::PreviousDay => return show(state, date.yesterday()),
        Action::NextDay => return show(state, date.tomorrow()),
        Action::GoToToday => {
            let today = state.shell.today();
            state.screens.history.select(today);
            return log::show(state, today);
        }
        Action::ChangeOrder => return change_order(state),
        Action::ShowWeek => {
            let shows_week = !state.shell.preferences.shows_week;
            state.shell.preferences.shows_week = shows_week;
            let word = if shows_week { "shown" } else { "hidden" };
            state
                .shell
                .notify(Tone::Info, format!("what is left of the week is {word}"));
            return vec![Effect::KeepPreferences(state.shell.preferences)];
        }
        Action::ShowToday => state.screens.tab = Tab::Today,
        Action::ShowHistory => state.screens.tab = Tab::History,
        Action::ShowTrends => state.screens.tab = Tab::Trends,
        Action::ShowProfile => state.screens.tab = Tab::Profile,
        Action::ShowSuggestions => return suggestions::show(state),
        Action::LogSuggestion => return suggestions::log(state),
        Action::LessSugar => return suggestions::change_sugar(state, false),
        Action::MoreSugar => return suggestions::change_sugar(state, true),
        Action::NoteWeight => profile::note_weight(state),
        Action::EditSetting => {
            return match profile::account_action(state) {
                Some(action) => run(state, action),
                None => profile::edit(state),
            };
        }
        Action::AcceptProposal => return profile::accept_proposal(state),
        Action::OpenDay => {
            let day = selected_day(state);
            state.screens.tab = Tab::Today;
            return log::show(state, day);
        }
        Action::ShorterRange => state.screens.trends.change_range(false),
        Action::LongerRange => state.screens.trends.change_range(true),
        Action::ChartOrTable => state.screens.trends.change_view(),
        Action::Search => open_tool(state, Tool::Search(Search::new())),
        Action::Jump => open_tool(state, Tool::Jump(Jump::new())),
        Action::ChooseTheme => open_tool(state, Tool::Themes(ThemeList::new(&state.shell))),
        Action::ScreenSettings => open_tool(state, Tool::Settings(SettingsList::default())),
        Action::Import => state.dialogs.open(Dialog::Import(Box::new(ImportDialog::new()))),
        Action::Tour => open_tool(state, Tool::Tour(Tour::default())),
        Action::Mouse => return mouse(state),
        Action::Refresh => return refresh(state),
        Action::SignOut => return sign_out(state, false),
        Action::SignOutEverywhere => return sign_out(state, true),
        Action::MoveToCloud => return vec![Effect::ListProfiles],
        Action::DeleteAccount => account_task::ask_to_delete(state),
        Action::SignIn => state.session.open_form(Purpose::SignIn),
        Action::SignUp => state.session.open_form(Purpose::SignUp),
        Action::ResetPassword => state.session.open_form(Purpose::Forgot),
        Action::ChangePassword => state.session.open_form(Purpose::ChangePassword),
        Action::ResendCode => return state.session.resend(&mut state.shell).into_iter().collect(),
        Action::SetUpAuthenticator => return send(state, AccountCommand::BeginAuthenticator),
        Action::TurnOffTwoStep => return send(state, AccountCommand::TurnOffTwoStep),
    }
    Vec::new()
}

/// Opens the quick line on the shown or the selected day; where no day is, on today.
fn add(state: &mut State) -> Vec<Effect> {
    let date = match state.screens.tab {
        Tab::Today => state.log.day.date,
        Tab::History => selected_day(state),
        Tab::Trends | Tab::Suggestions | Tab::Profile => state.shell.today(),
    };
    state.dialogs.open_new(date, || Dialog::Quick(Quick::new(date)));
    let is_of_today = date == state.shell.today();
    if let Some(quick) = state.dialogs.quick_line() {
        quick.is_of_today = is_of_today;
    }
    let is_stale = state.names.take_stale();
    is_stale.then_some(Effect::LoadNames).into_iter().collect()
}

/// Shows a day, unless it is beyond the calendar.
fn show(state: &mut State, day: Result<Date, jiff::Error>) -> Vec<Effect> {
    day.map_or_else(|_| Vec::new(), |day| log::show(state, day))
}

/// The day that is selected in History.
fn selected_day(state: &State) -> Date {
    state
        .screens
        .history
        .selected(history_days(state), state.shell.today())
}

fn open_tool(state: &mut State, tool: Tool) {
    state.dialogs.open(Dialog::Tool(tool));
}

fn edit(state: &mut State) {
    if let Some(activity) = saves::selected(state) {
        if let Some(row) = state.outbox.rejected_row(&activity.id).cloned() {
            let form = queue::form(&row, &mut surroundings(state));
            if let Some(form) = form {
                state.dialogs.open(Dialog::Form(Box::new(form)));
            }
            return;
        }
        let zone = state.shell.now.time_zone();
        let energy = state.shell.display.energy;
        let form = Form::of(&activity, &state.catalog.categories, zone, energy);
        state
            .dialogs
            .open_edit(&activity.id, || Dialog::Form(Box::new(form)));
    }
}

/// The list is shown in the other order, around the selected entry.
fn change_order(state: &mut State) -> Vec<Effect> {
    state.screens.today.leave_heading(&state.log.day.rows);
    state.shell.preferences.order = state.shell.preferences.order.other();
    vec![Effect::KeepPreferences(state.shell.preferences)]
}

/// Takes the mouse, or leaves it to the terminal, and remembers that.
fn mouse(state: &mut State) -> Vec<Effect> {
    let (mouse, text) = match state.shell.display.mouse {
        Mouse::Off => (
            Mouse::On,
            "mouse on: a click selects, the wheel scrolls; hold Shift to select text",
        ),
        Mouse::On => (Mouse::Off, "mouse off: the terminal selects text again"),
    };
    let setting = DisplaySetting::Mouse(mouse);
    state.shell.display.set(setting.clone());
    state.shell.notify(Tone::Info, text);
    vec![Effect::SaveSetting(setting)]
}

fn refresh(state: &mut State) -> Vec<Effect> {
    state.catalog.expire();
    log::refresh(state)
}

fn send(state: &mut State, command: AccountCommand) -> Vec<Effect> {
    state
        .session
        .send(command, &mut state.shell)
        .into_iter()
        .collect()
}

fn sign_out(state: &mut State, everywhere: bool) -> Vec<Effect> {
    let queued = state.outbox.queued();
    if queued > 0 {
        let question = SignOutQuestion { everywhere, queued };
        state.dialogs.open(Dialog::SignOut(question));
        return Vec::new();
    }
    state.shell.notify(Tone::Info, "signing out…");
    vec![Effect::SignOut { everywhere }]
}
