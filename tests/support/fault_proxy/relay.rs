//! One connection of a client: request after request, each with its fault.

use std::io;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use super::{Shared, fault::Fault, http::Message, stream::Stream, websocket};

pub(super) async fn serve(client: Stream, shared: &Shared) -> io::Result<()> {
    let mut client = BufReader::new(client);
    while let Some(request) = Message::read(&mut client).await? {
        if request.is_upgrade() {
            return websocket::serve(client, &request, shared).await;
        }
        let operation = request.operation();
        let fault = shared.with_rules(|rules| {
            rules.requests += usize::from(request.is_graphql());
            rules.choose(&operation)
        });
        let Some(response) = answer(&mut client, &request, fault, shared).await? else {
            return Ok(());
        };
        client.write_all(&response.bytes()).await?;
        client.flush().await?;
        let counts = request.is_graphql() && response.is_success();
        shared.with_rules(|rules| rules.responses += usize::from(counts));
    }
    Ok(())
}

/// The answer to deliver; none if the connection is to be closed.
async fn answer(
    client: &mut BufReader<Stream>,
    request: &Message,
    fault: Fault,
    shared: &Shared,
) -> io::Result<Option<Message>> {
    Ok(Some(match fault {
        Fault::Delay(time) => {
            tokio::time::sleep(time).await;
            forward(request, shared).await?
        }
        Fault::CutRequest => {
            let bytes = request.bytes();
            let mut server = shared.target.connect().await?;
            server.write_all(&bytes[..bytes.len() - bytes.len() / 4]).await?;
            return Ok(None);
        }
        Fault::DropAnswer => {
            forward(request, shared).await?;
            return Ok(None);
        }
        Fault::CutAnswer => {
            let bytes = forward(request, shared).await?.bytes();
            client.write_all(&bytes[..bytes.len() - bytes.len() / 4]).await?;
            client.flush().await?;
            return Ok(None);
        }
        Fault::Silence => {
            hold(client).await?;
            return Ok(None);
        }
        Fault::SilenceAfter => {
            forward(request, shared).await?;
            hold(client).await?;
            return Ok(None);
        }
        Fault::Duplicate => {
            forward(request, shared).await?;
            forward(request, shared).await?
        }
        Fault::Status(status) => Message::response(status, "{}"),
        Fault::StatusAfter(status) => {
            forward(request, shared).await?;
            Message::response(status, "{}")
        }
        Fault::Expired if request.is_graphql() => Message::response(
            401,
            r#"{"errors":[{"errorType":"UnauthorizedException","message":"Token has expired."}]}"#,
        ),
        Fault::Error(kind, message) if request.is_graphql() => {
            let errors = json!({"data": null, "errors": [{"errorType": kind, "message": message}]});
            Message::response(200, &errors.to_string())
        }
        // The last two concern GraphQL alone.
        Fault::None | Fault::Swap | Fault::Expired | Fault::Error(..) => forward(request, shared).await?,
        Fault::Stale => {
            let stale = shared.with_rules(|rules| rules.answer(&request.body));
            let answer = forward(request, shared).await?;
            match stale {
                Some(bytes) => Message::read(&mut &bytes[..]).await?.unwrap_or(answer),
                None => answer,
            }
        }
    }))
}

/// Only reads of an index lag; an entry or a user is read by its key.
fn is_read_of_an_index(operation: &str) -> bool {
    operation.starts_with("List")
}

async fn forward(request: &Message, shared: &Shared) -> io::Result<Message> {
    let mut server = BufReader::new(shared.target.connect().await?);
    server.write_all(&request.bytes()).await?;
    server.flush().await?;
    let answer = Message::read(&mut server).await?;
    let answer = answer.ok_or(io::ErrorKind::UnexpectedEof)?;
    if answer.is_success() && is_read_of_an_index(&request.operation()) {
        shared.with_rules(|rules| rules.note_answer(&request.body, &answer.bytes()));
    }
    Ok(answer)
}

/// Waits until the client closes the connection.
async fn hold(client: &mut BufReader<Stream>) -> io::Result<()> {
    let mut bytes = [0; 1_024];
    while client.read(&mut bytes).await? > 0 {}
    Ok(())
}
