//! The commands on a backend: each checks its arguments before anything is opened, then runs.

use caltrack_domain::checked_user_name;
use jiff::Zoned;

use super::{
    arguments::Command,
    context::{with_account, with_backend},
    error::CommandError,
    job_control,
    output::Output,
    values,
};
use crate::runtime;
use caltrack_client::config::Config;

/// Runs a command on a runtime of its own, under job control.
pub(super) fn run(config: &Config, command: Command) -> Result<Output, CommandError> {
    let workers = runtime::workers()?;
    workers.block_on(job_control::attend(execute(config, command)))
}

async fn execute(config: &Config, command: Command) -> Result<Output, CommandError> {
    let now = Zoned::now();
    match command {
        Command::Add(arguments) => {
            let line = values::line(&arguments, &now)?;
            with_account(config, async |context, account| context.add(account, line).await).await
        }
        Command::Log(arguments) => {
            let entry = values::entry(arguments, &now)?;
            with_account(config, async |context, account| context.log(account, entry).await).await
        }
        Command::List(arguments) => {
            let date = values::day(arguments.date.as_deref(), &now)?;
            with_account(config, async |context, _| context.list(date).await).await
        }
        Command::Today => with_account(config, async |context, _| context.today().await).await,
        Command::Totals(arguments) => {
            let (from, to) = values::days(&arguments, &now)?;
            with_account(config, async |context, _| context.totals(from, to).await).await
        }
        Command::Categories => {
            with_account(config, async |context, account| context.categories(account).await).await
        }
        Command::Edit(arguments) => {
            let edit = values::edit(arguments, &now)?;
            with_account(config, async |context, account| context.edit(account, edit).await).await
        }
        Command::Delete(arguments) => {
            with_account(config, async |context, _| context.delete(&arguments.id).await).await
        }
        Command::Whoami => with_account(config, async |context, account| Ok(context.whoami(account))).await,
        Command::SignUp(arguments) => {
            checked_user_name(&arguments.user).map_err(CommandError::value)?;
            with_backend(config, async |context| context.sign_up(arguments).await).await
        }
        Command::Confirm(arguments) => {
            with_backend(config, async |context| context.confirm(arguments).await).await
        }
        Command::SignIn(arguments) => {
            with_backend(config, async |context| context.sign_in(arguments).await).await
        }
        Command::SignOut => with_backend(config, async |context| context.sign_out().await).await,
        Command::ForgotPassword(arguments) => {
            with_backend(config, async |context| context.forgot_password(arguments).await).await
        }
    }
}
