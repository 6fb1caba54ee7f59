//! Requests of the API as the engine's actions take them.

use caltrack_local_core::tables::DynamoError;
use dynoxide::DynoxideError;
use futures_util::FutureExt as _;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::error::{engine_error, malformed};

/// Executes an action of the engine: parses its request, serialises its response.
pub(crate) fn run<Request, Response, Running>(
    body: Value,
    execute: impl FnOnce(Request) -> Running,
) -> Result<Value, DynamoError>
where
    Request: DeserializeOwned,
    Response: Serialize,
    Running: Future<Output = Result<Response, DynoxideError>>,
{
    let response = ready(execute(read(body)?)).map_err(engine_error)?;
    serde_json::to_value(response).map_err(|error| DynamoError::internal(&error.to_string()))
}

/// Parses a request of the API.
pub(crate) fn read<Request: DeserializeOwned>(body: Value) -> Result<Request, DynamoError> {
    // serde would read a list as the request's members in their order.
    if !body.is_object() {
        let refused = serde_json::from_value::<Map<String, Value>>(body).err();
        return Err(refused.map_or_else(
            || DynamoError::internal("The request is no object."),
            |error| malformed(&error),
        ));
    }
    serde_json::from_value(body).map_err(|error| malformed(&error))
}

/// The native engine's futures never suspend (`Database` in dynoxide blocks on them for the same reason).
pub(crate) fn ready<T>(running: impl Future<Output = Result<T, DynoxideError>>) -> Result<T, DynoxideError> {
    running.now_or_never().unwrap_or_else(|| {
        Err(DynoxideError::InternalServerError(
            "The engine suspended.".to_owned(),
        ))
    })
}
