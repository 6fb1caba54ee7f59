//! Commands of the outbox: one attempt at each, and what the backend answers.

use caltrack_domain::{
    Activity, LogCommand, Profile,
    library::{LibraryFull, MAX_LIBRARY_BYTES},
    outbox::{
        Answer, Command, LibraryChange, Members, ProfileChange, Reason, ReasonKind, Rejection, RejectionKind,
        Stored, members_of,
    },
};
use graphql_client::GraphQLQuery;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    call::CallResult,
    client::{Client, expect_row},
    convert,
    data::DataObject,
    graphql::GraphQlOperation,
    operations,
    profile::library,
};
use crate::error::ApiError;

/// Tombstones of the library are kept for this long: no device is expected to stay away for longer.
const TOMBSTONE_AGE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// A failed attempt.
struct Failure {
    error: ApiError,
    may_be_done: bool,
    denied: bool,
}

/// A failure that isn't one of the request, such as an invalid row in a response.
impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self {
            error,
            may_be_done: true,
            denied: false,
        }
    }
}

impl Client {
    /// Sends a command of the user `sub`, never as another one.
    pub async fn send(&self, sub: &str, command: &Command) -> Answer {
        match self.account() {
            Some(account) if account.sub == sub => {}
            account => {
                let text = match account {
                    Some(account) => format!("{} is signed in; it waits for its own user", account.username),
                    None => "not signed in".to_owned(),
                };
                return waiting(ReasonKind::SignedOut, text, false);
            }
        }
        let sent = match command {
            Command::Log(command) => self.send_entry(sub, command).await,
            Command::Weight(change) => {
                let operation = operations::set_weight(change.date, change.weight);
                self.attempt(&operation)
                    .await
                    .map(|_| Answer::Acknowledged(Stored::Weight))
            }
            Command::Profile(change) => self.send_profile(sub, change).await,
            Command::Library(change) => self.send_library(sub, change).await,
        };
        sent.unwrap_or_else(answer_to)
    }

    async fn send_entry(&self, sub: &str, command: &LogCommand) -> Result<Answer, Failure> {
        let (field, sent) = match command {
            LogCommand::Create(new) => {
                let sent = self.attempt(&operations::create_activity(new, sub)).await;
                if let Err(Failure {
                    error: ApiError::Conflict(_),
                    ..
                }) = sent
                {
                    // A new entry can only conflict with one of the same id.
                    return Ok(rejected(RejectionKind::IdTaken, &ApiError::IdTaken));
                }
                ("createActivity", sent)
            }
            // Its base is one that this computer saved itself, so that the revision is unknown.
            LogCommand::Update { before, .. } | LogCommand::Delete(before) if before.rev == 0 => {
                return self.present(&before.id).await;
            }
            LogCommand::Update { before, patch } => {
                let operation = operations::update_activity(&before.id, patch, Some(before.rev));
                ("updateActivity", self.attempt(&operation).await)
            }
            LogCommand::Delete(before) => {
                let operation = operations::delete_activity(&before.id, Some(before.rev));
                ("deleteActivity", self.attempt(&operation).await)
            }
        };
        match sent {
            Ok(data) => Ok(Answer::Acknowledged(Stored::Entry(row(data, field)?))),
            Err(Failure {
                error: ApiError::Conflict(_),
                ..
            }) => self.present(command.id()).await,
            Err(failure) => Err(failure),
        }
    }

    /// The entry as it is now, for a merge.
    async fn present(&self, id: &str) -> Result<Answer, Failure> {
        let read = self.attempt(&operations::activity(id)).await;
        let mut data = match read {
            Err(Failure {
                error: ApiError::NotFound(_),
                ..
            }) => return Ok(Answer::Conflict(None)),
            read => read.map_err(|failure| Failure {
                may_be_done: false,
                ..failure
            })?,
        };
        let present = data.take_row("getActivity").map(convert::activity).transpose();
        Ok(Answer::Conflict(present.map_err(ApiError::from)?))
    }

    /// Merges an edit into the present profile, and writes what is left of it.
    async fn send_profile(&self, sub: &str, change: &ProfileChange) -> Result<Answer, Failure> {
        let data = self.read_user(&operations::user(sub)).await?;
        let stored = match data {
            Some(data) => data
                .read::<super::generated::GetUser>()
                .map_err(ApiError::from)?
                .get_user
                .map(|row| Profile::try_from(row.profile))
                .transpose()
                .map_err(ApiError::from)?,
            None => None,
        };
        let merge = change.merged(&members_of(stored.as_ref().unwrap_or(&Profile::new(""))));
        let written = match (stored, merge.kept.is_empty()) {
            (Some(stored), true) => stored,
            (stored, _) => match self
                .write_user(sub, stored.map(|stored| stored.rev), &merge.kept)
                .await
            {
                Err(Failure {
                    error: ApiError::Conflict(_),
                    ..
                }) => return Ok(Answer::Conflict(None)),
                written => written?,
            },
        };
        Ok(Answer::Acknowledged(Stored::Profile {
            members: members_of(&written),
            lost: merge.lost,
        }))
    }

    /// Merges edits into the present library, and writes it if that changes it.
    async fn send_library(&self, sub: &str, change: &LibraryChange) -> Result<Answer, Failure> {
        let data = self.read_user(&operations::user(sub)).await?;
        let row = match data {
            Some(data) => {
                data.read::<super::generated::GetUser>()
                    .map_err(ApiError::from)?
                    .get_user
            }
            None => None,
        };
        let rev = row.as_ref().map(|row| row.profile.rev.unwrap_or(1));
        let mut library = library(row.and_then(|row| row.library).as_deref())?;
        if !library.apply(change) {
            return Ok(Answer::Acknowledged(Stored::Library));
        }
        library.prune(
            Timestamp::now()
                .saturating_sub(TOMBSTONE_AGE)
                .unwrap_or(Timestamp::MIN),
        );
        if library.size() > MAX_LIBRARY_BYTES {
            return Ok(Answer::Rejected(Rejection {
                kind: RejectionKind::BadRequest,
                text: LibraryFull.to_string(),
            }));
        }
        let members = Members::from([("library".to_owned(), Value::String(json!(library).to_string()))]);
        let rev = rev.map(|rev| u32::try_from(rev).unwrap_or(1));
        match self.write_user(sub, rev, &members).await {
            Ok(_) => Ok(Answer::Acknowledged(Stored::Library)),
            Err(Failure {
                error: ApiError::Conflict(_),
                ..
            }) => Ok(Answer::Conflict(None)),
            Err(failure) => Err(failure),
        }
    }

    /// The user's row; none until there is one.
    async fn read_user<Q: GraphQLQuery>(
        &self,
        operation: &GraphQlOperation<Q>,
    ) -> Result<Option<DataObject>, Failure> {
        match self.attempt(operation).await {
            Ok(data) => Ok(Some(data)),
            Err(Failure {
                error: ApiError::NotFound(_),
                ..
            }) => Ok(None),
            Err(failure) => Err(Failure {
                may_be_done: false,
                ..failure
            }),
        }
    }

    /// Writes members of the user's row if it has this revision, and creates it where there is none.
    async fn write_user(&self, sub: &str, rev: Option<u32>, members: &Members) -> Result<Profile, Failure> {
        let profile = if rev.is_some() {
            let data = self.attempt(&operations::update_user(sub, members, rev)).await?;
            let data = data
                .read::<super::generated::UpdateUser>()
                .map_err(ApiError::from)?;
            Profile::try_from(expect_row(data.update_user)?)
        } else {
            let username = self.signed_in()?.username;
            let data = self.attempt(&operations::create_user(&username, members)).await?;
            let data = data
                .read::<super::generated::CreateUser>()
                .map_err(ApiError::from)?;
            Profile::try_from(expect_row(data.create_user)?)
        };
        Ok(profile.map_err(ApiError::from)?)
    }

    async fn attempt<Q: GraphQLQuery>(&self, operation: &GraphQlOperation<Q>) -> Result<DataObject, Failure> {
        let CallResult {
            result,
            ambiguous,
            denied,
        } = self.graphql().run(operation).await;
        result.map_err(|error| Failure {
            may_be_done: ambiguous || matches!(error, ApiError::Protocol(_) | ApiError::Failed(_)),
            error,
            denied,
        })
    }
}

fn row(mut data: DataObject, field: &str) -> Result<Activity, ApiError> {
    Ok(convert::activity(expect_row(data.take_row(field))?)?)
}

fn waiting(kind: ReasonKind, text: String, may_be_done: bool) -> Answer {
    Answer::Waiting {
        reason: Reason { kind, text },
        may_be_done,
    }
}

fn rejected(kind: RejectionKind, error: &ApiError) -> Answer {
    Answer::Rejected(Rejection {
        kind,
        text: error.to_string(),
    })
}

/// What a failure means for its command: only what the backend decided about the command itself is a rejection.
fn answer_to(failure: Failure) -> Answer {
    let Failure {
        error,
        may_be_done,
        denied,
    } = failure;
    let kind = match &error {
        ApiError::Rejected(_) => return rejected(RejectionKind::BadRequest, &error),
        ApiError::Unauthorized(_) if !denied => return rejected(RejectionKind::Unauthorized, &error),
        ApiError::NotFound(_) => return rejected(RejectionKind::NotFound, &error),
        ApiError::Deleted(_) => return rejected(RejectionKind::Deleted, &error),
        ApiError::IdTaken => return rejected(RejectionKind::IdTaken, &error),
        ApiError::SignedOut(_)
        | ApiError::Unauthorized(_)
        | ApiError::NotConfirmed
        | ApiError::Challenge(_)
        | ApiError::Clock(_) => ReasonKind::SignedOut,
        ApiError::Unreachable(_) | ApiError::Silent(_) => ReasonKind::Unreachable,
        ApiError::Busy(_)
        | ApiError::Locked
        | ApiError::DiskFull
        | ApiError::Files(_)
        | ApiError::Storage(_)
        | ApiError::Protocol(_)
        | ApiError::Conflict(_) => ReasonKind::Busy,
        ApiError::Failed(text) if is_of_schema(text) => ReasonKind::Schema,
        ApiError::Failed(_) => ReasonKind::Failed,
    };
    let text = match kind {
        ReasonKind::Schema => {
            format!("the backend is an older one, and doesn't know a part of this ({error})")
        }
        _ => error.to_string(),
    };
    waiting(kind, text, may_be_done)
}

/// Whether a document or its variables don't fit the schema (graphql-java's wording, which AppSync has).
fn is_of_schema(text: &str) -> bool {
    text.starts_with("Validation error") || text.contains("not defined for input object type")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(ApiError::Unreachable(String::new()), "unreachable")]
    #[case(ApiError::Busy("429".to_owned()), "busy")]
    #[case(ApiError::SignedOut(String::new()), "signed_out")]
    #[case(ApiError::DiskFull, "busy")]
    #[case(ApiError::Protocol("<html>".to_owned()), "busy")]
    #[case(ApiError::Failed("createActivity: DynamoDB".to_owned()), "failed")]
    #[case(ApiError::Failed("Validation error of type UnknownArgument".to_owned()), "schema")]
    #[case(ApiError::Rejected(String::new()), "bad_request")]
    #[case(ApiError::Unauthorized(String::new()), "unauthorized")]
    #[case(ApiError::NotFound(String::new()), "not_found")]
    #[case(ApiError::Deleted(String::new()), "deleted")]
    fn only_what_the_backend_decided_about_the_command_rejects_it(
        #[case] error: ApiError,
        #[case] name: &str,
    ) {
        let answer = answer_to(Failure {
            error,
            may_be_done: false,
            denied: false,
        });
        let found = match answer {
            Answer::Waiting { reason, .. } => reason.kind.name(),
            Answer::Rejected(rejection) => rejection.kind.name(),
            other => panic!("{other:?}"),
        };
        assert_eq!(found, name);
    }

    #[test]
    fn a_token_that_is_not_accepted_even_when_new_leaves_the_command_waiting() {
        let answer = answer_to(Failure {
            error: ApiError::Unauthorized("Token has expired.".to_owned()),
            may_be_done: false,
            denied: true,
        });
        assert!(matches!(answer, Answer::Waiting { reason, .. } if reason.kind == ReasonKind::SignedOut));
    }
}
