//! The function between services on loopback.

use std::sync::{Arc, Mutex};

use caltrack_aggregator::{
    aws::AwsConfig,
    lambda::{
        BatchError, LambdaHandler, Response,
        environment::{Environment, Queue},
    },
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    appsync::published,
    events::sequence,
    service::{REGION, Reply, Service, credentials},
};

/// The function with the services around it.
pub(crate) struct World {
    pub(crate) function: LambdaHandler,
    pub(crate) dynamodb: Service,
    pub(crate) appsync: Service,
    pub(crate) sqs: Service,
    log: Arc<Mutex<Vec<Value>>>,
}

/// Services that answer well; `change` alters the function's environment.
pub(crate) async fn world(change: impl FnOnce(&mut Environment)) -> World {
    let [dynamodb, appsync, sqs] = [
        Service::start("dynamodb").await,
        Service::start("appsync").await,
        Service::start("sqs").await,
    ];
    appsync.then(published());
    dynamodb.then(Reply::Json(200, json!({ "Item": { "version": { "N": "1" } } })));
    let mut environment = Environment {
        function: "aggregator".to_owned(),
        aws: AwsConfig {
            region: REGION.to_owned(),
            credentials: credentials(),
            dynamodb: dynamodb.url.clone(),
        },
        table: "other_user_aggregate_table".to_owned(),
        graphql: Some(appsync.url.clone()),
        failure_queue: Some(Queue {
            url: "https://sqs.eu-west-1.amazonaws.com/123456789012/failures".to_owned(),
            endpoint: sqs.url.clone(),
        }),
    };
    change(&mut environment);
    let log: Arc<Mutex<Vec<Value>>> = Arc::default();
    let lines = Arc::clone(&log);
    let sink = Box::new(move |line: &Value| lines.lock().unwrap().push(line.clone()));
    World {
        function: LambdaHandler::new(environment, sink).unwrap(),
        dynamodb,
        appsync,
        sqs,
        log,
    }
}

impl World {
    /// An invocation with a deadline in so many milliseconds; the response as Lambda reads it.
    pub(crate) async fn invoke(&self, event: &Value, milliseconds: i64) -> Value {
        let response = self.try_invoke(event, milliseconds).await.unwrap();
        serde_json::to_value(response).unwrap()
    }

    /// An invocation that may end with an error.
    pub(crate) async fn try_invoke(&self, event: &Value, milliseconds: i64) -> Result<Response, BatchError> {
        let deadline = (Timestamp::now().as_millisecond() + milliseconds).unsigned_abs();
        self.function.handle(event, deadline).await
    }

    pub(crate) fn log(&self) -> Vec<Value> {
        self.log.lock().unwrap().clone()
    }

    /// The line of figures.
    pub(crate) fn figures(&self) -> Value {
        self.log()
            .into_iter()
            .find(|line| !line["_aws"].is_null())
            .unwrap()
    }
}

/// The response if nothing must be retried.
pub(crate) fn nothing_failed() -> Value {
    json!({ "batchItemFailures": [] })
}

/// The response if everything from this record on must be retried.
pub(crate) fn failed(number: u64) -> Value {
    json!({ "batchItemFailures": [{ "itemIdentifier": sequence(number) }] })
}
