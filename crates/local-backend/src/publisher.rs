//! Publishes totals to subscribers: `publishUserAggregate` as an IAM identity, as the Lambda function does over HTTP.

use async_trait::async_trait;
use caltrack_aggregator::{PUBLISH_DOCUMENT, PublishError, Publisher, UserAggregate, publish_variables};
use caltrack_local_appsync::{AppSync, Caller, GraphQlRequest};
use caltrack_local_core::identity::{IamIdentity, Identity};
use serde_json::{Map, Value};

/// Executes the mutation in this process.
#[derive(Debug)]
pub(crate) struct AppSyncPublisher {
    app: AppSync,
    caller: Caller,
}

impl AppSyncPublisher {
    pub(crate) fn new(app: AppSync) -> Self {
        Self {
            app,
            caller: Caller {
                identity: Identity::Iam(IamIdentity::aggregator()),
                headers: Map::new(),
            },
        }
    }
}

#[async_trait]
impl Publisher for AppSyncPublisher {
    async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError> {
        let variables = match publish_variables(totals) {
            Value::Object(variables) => variables,
            _ => Map::new(),
        };
        let request = GraphQlRequest {
            query: PUBLISH_DOCUMENT.to_owned(),
            variables,
            operation_name: None,
        };
        let answer = self
            .app
            .execute(&request, &self.caller)
            .await
            .map_err(|error| PublishError::Refused(error.to_string()))?;
        match answer.body.get("errors") {
            None => Ok(()),
            // The mutation is valid, so only a temporary failure is left, such as a resolver's time limit.
            Some(errors) => Err(PublishError::Unavailable(errors.to_string())),
        }
    }
}
