//! `copy`: the account of one profile into that of another.

use caltrack_client::config::Config;
use caltrack_domain::{clean, outbox::import_name};

use super::{
    account_data::Deleted, backup::mark, context::with_account, error::CommandError, notice::notice,
    output::Output,
};

/// Copies the account of the profile to that of the profile `to`.
pub(super) async fn run(config: &Config, to: &str) -> Result<Output, CommandError> {
    let target = config.on_profile(to)?;
    if target.profile == config.profile {
        return Err(CommandError::usage(format!(
            "profile `{}` is the one that is copied; name another one",
            clean(to)
        )));
    }
    with_account(config, async |source, owner| {
        source.send_waiting(owner).await;
        let waiting = source.local(owner).waiting();
        if waiting > 0 {
            notice(&format!(
                "note: {waiting} changes that wait to be sent are not copied; `outbox` lists them"
            ));
        }
        let fetched = source.fetch_account().await?;
        if !fetched.is_verified {
            return Err(CommandError::storage(
                "the entries of some days don't match their totals yet; nothing was copied",
            )
            .advising("repeat it in a minute; `doctor` names what is wrong"));
        }
        let copied = with_account(&target, async |context, account| {
            let now = context.now(account).await?;
            let mark = mark(&format!("{} {}", owner.sub, account.sub));
            let name = import_name(&format!("the log of {}", config.profile.name), &mark);
            let report =
                Box::pin(context.put_account(account, &fetched.data, name, Deleted::Kept, &now)).await?;
            let what = format!(
                "from {} on {} to {} on {}",
                clean(&owner.username),
                config.profile.name,
                clean(&account.username),
                target.profile.name
            );
            Ok(report.output(&fetched.data, &what))
        });
        copied.await.map_err(|error| error.on_profile(&target.profile))
    })
    .await
}
