//! The commands on a backend: each checks its arguments before anything is opened, then runs.

use std::path::Path;

use caltrack_domain::checked_user_name;

use super::{
    add,
    arguments::{AccountCommand, ChangeCommand, Command, DataCommand, ExportFormat, TodayArguments},
    backup,
    context::{with_account, with_backend, with_log},
    copy, delete_account, edit_day,
    error::CommandError,
    export,
    format::Format,
    import, job_control, measures,
    now::Now,
    output::Output,
    undo::Direction,
    values,
    watch::LineStyle,
};
use crate::runtime;
use caltrack_client::config::Config;

/// Runs a command on a runtime of its own, under job control.
pub(super) fn run(config: &Config, command: Command, json: bool) -> Result<Output, CommandError> {
    let workers = runtime::workers()?;
    workers.block_on(job_control::attend(execute(config, command, json)))
}

async fn execute(config: &Config, command: Command, json: bool) -> Result<Output, CommandError> {
    let here = Now::on_this_computer();
    match command {
        Command::Add(arguments) => {
            let typed = add::typed(&arguments.text)?;
            values::lines(&arguments, &typed, &here)?;
            with_account(config, async |context, account| {
                let now = context.now(account).await?;
                let lines = values::lines(&arguments, &typed, &now)?;
                if arguments.dry_run {
                    return context.preview(account, &lines, &now).await;
                }
                context.add(account, lines, &now).await
            })
            .await
        }
        Command::Log(arguments) => {
            values::entry(&arguments, &here)?;
            with_account(config, async |context, account| {
                let entry = values::entry(&arguments, &context.now(account).await?)?;
                context.log(account, entry).await
            })
            .await
        }
        Command::List(arguments) => {
            values::listed_days(&arguments, &here)?;
            with_log(config, async |context, account| {
                let now = context.now(account).await?;
                let (from, to) = values::listed_days(&arguments, &now)?;
                context.list(account, (from, to), &now).await
            })
            .await
        }
        Command::Today(TodayArguments { date, format }) => {
            values::day(date.as_deref(), &here)?;
            let format = format
                .format
                .map(|text| Format::parse(&text, super::json::TODAY))
                .transpose()?;
            with_log(config, async |context, account| {
                context.today(account, date.as_deref(), format.as_ref()).await
            })
            .await
        }
        Command::Watch(arguments) => {
            let names = super::json::FIGURES;
            let format = arguments
                .format
                .map(|text| Format::parse(&text, names))
                .transpose()?;
            let style = LineStyle {
                format: format.as_ref(),
                json,
            };
            with_log(config, async |context, account| {
                Box::pin(context.watch(account, style)).await
            })
            .await
        }
        Command::Totals(arguments) => {
            values::days(&arguments, &here)?;
            with_log(config, async |context, account| {
                context.totals(account, &arguments).await
            })
            .await
        }
        Command::Categories => {
            with_log(config, async |context, account| context.categories(account).await).await
        }
        Command::Search(arguments) => {
            with_log(config, async |context, account| {
                let now = context.now(account).await?;
                context.search(account, &arguments.text, &now).await
            })
            .await
        }
        Command::Data(command) => execute_data(config, command, json, &here).await,
        Command::Change(command) => execute_change(config, command, &here).await,
        Command::Whoami => with_account(config, async |context, account| Ok(context.whoami(account))).await,
        Command::Account(command) => execute_account(config, command).await,
    }
}

async fn execute_data(
    config: &Config,
    command: DataCommand,
    json: bool,
    here: &Now,
) -> Result<Output, CommandError> {
    match command {
        DataCommand::Export(arguments) => {
            export::range(&arguments, here)?;
            with_account(config, async |context, account| {
                let now = context.now(account).await?;
                let range = export::range(&arguments, &now)?;
                let format = if json {
                    ExportFormat::Json
                } else {
                    arguments.format
                };
                context.export(account, format, range, &now).await
            })
            .await
        }
        DataCommand::Import(arguments) => {
            let (files, choices) = import::read(&arguments)?;
            with_account(config, async |context, account| {
                let now = context.now(account).await?;
                let choices = (&choices, arguments.dry_run);
                Box::pin(context.import(account, files, choices, &now)).await
            })
            .await
        }
        DataCommand::EditDay(arguments) => {
            values::day(arguments.day.as_deref(), here)?;
            Box::pin(edit_day::run(config, &arguments)).await
        }
        DataCommand::Backup(arguments) => {
            backup::check_place(&arguments.file)?;
            with_log(config, async |context, account| {
                Box::pin(context.back_up(account, &arguments.file)).await
            })
            .await
        }
        DataCommand::Restore(arguments) => {
            if let Some(name) = &arguments.snapshot {
                return Box::pin(backup::restore_snapshot(config, name)).await;
            }
            let backup = backup::read(arguments.file.as_deref().unwrap_or(Path::new("")))?;
            with_account(config, async |context, account| {
                let now = context.now(account).await?;
                Box::pin(context.restore(account, &backup, &now)).await
            })
            .await
        }
        DataCommand::Copy(arguments) => Box::pin(copy::run(config, &arguments.to)).await,
        DataCommand::DeleteAccount(arguments) => Box::pin(delete_account::run(config, arguments.yes)).await,
    }
}

async fn execute_change(config: &Config, command: ChangeCommand, here: &Now) -> Result<Output, CommandError> {
    match command {
        ChangeCommand::Edit(arguments) => {
            values::edit(&arguments, here)?;
            with_account(config, async |context, account| {
                let now = context.now(account).await?;
                let edit = values::edit(&arguments, &now)?;
                context.edit(account, edit, &now).await
            })
            .await
        }
        ChangeCommand::Delete(arguments) => {
            with_account(config, async |context, account| {
                let today = context.now(account).await?.today();
                context.delete(account, &arguments.ids, today).await
            })
            .await
        }
        ChangeCommand::Undo => {
            with_account(config, async |context, account| {
                context.undo(account, Direction::Back).await
            })
            .await
        }
        ChangeCommand::Redo => {
            with_account(config, async |context, account| {
                context.undo(account, Direction::Forth).await
            })
            .await
        }
        ChangeCommand::Outbox { command } => {
            with_account(config, async |context, account| {
                context.outbox_command(account, command).await
            })
            .await
        }
        ChangeCommand::Sync => {
            with_account(config, async |context, account| context.sync(account).await).await
        }
        ChangeCommand::Profile(arguments) => {
            let edit = measures::profile(&arguments)?;
            with_account(config, async |context, account| {
                if edit.is_none() {
                    context.send_waiting(account).await;
                }
                context.profile(account, edit).await
            })
            .await
        }
        ChangeCommand::Weight(arguments) => {
            values::day(arguments.date.as_deref(), here)?;
            arguments.kg.as_deref().map(measures::parse_weight).transpose()?;
            with_account(config, async |context, account| {
                if arguments.kg.is_none() {
                    context.send_waiting(account).await;
                }
                context.weight(account, &arguments).await
            })
            .await
        }
    }
}

async fn execute_account(config: &Config, command: AccountCommand) -> Result<Output, CommandError> {
    match command {
        AccountCommand::SignUp(arguments) => {
            checked_user_name(&arguments.user).map_err(CommandError::value)?;
            with_backend(config, async |context| context.sign_up(arguments).await).await
        }
        AccountCommand::Confirm(arguments) => {
            with_backend(config, async |context| context.confirm(arguments).await).await
        }
        AccountCommand::SignIn(arguments) => {
            with_backend(config, async |context| context.sign_in(arguments).await).await
        }
        AccountCommand::SignOut(arguments) => {
            with_backend(config, async |context| context.sign_out(&arguments).await).await
        }
        AccountCommand::ForgotPassword(arguments) => {
            with_backend(config, async |context| context.forgot_password(arguments).await).await
        }
    }
}
