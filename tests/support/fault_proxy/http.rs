//! HTTP/1.1 messages, as far as a proxy must understand them (RFC 9112).

use std::io;

use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

/// A message as it was sent.
pub(crate) struct Message {
    /// The first line and the header, with the empty line at their end.
    pub(crate) head: String,
    /// With the marks of its chunks, if it has any.
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads a message; `None` at the end of the connection.
    pub(crate) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Self>> {
        let mut head = String::new();
        loop {
            let start = head.len();
            if from.read_line(&mut head).await? == 0 {
                return if head.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
            if &head[start..] == "\r\n" {
                break;
            }
        }
        let mut message = Self {
            head,
            body: Vec::new(),
        };
        if message
            .header("transfer-encoding")
            .is_some_and(|value| value.contains("chunked"))
        {
            message.read_chunks(from).await?;
        } else {
            let length = message
                .header("content-length")
                .and_then(|value| value.parse().ok())
                .unwrap_or(0);
            message.body.resize(length, 0);
            from.read_exact(&mut message.body).await?;
        }
        Ok(Some(message))
    }

    async fn read_chunks(&mut self, from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<()> {
        loop {
            let mut line = String::new();
            from.read_line(&mut line).await?;
            let length = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
            self.body.extend_from_slice(line.as_bytes());
            let start = self.body.len();
            // With the line break behind it.
            self.body.resize(start + length + 2, 0);
            from.read_exact(&mut self.body[start..]).await?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// The value of a header field.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.head.lines().skip(1).find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }

    pub(crate) fn is_upgrade(&self) -> bool {
        self.header("upgrade")
            .is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
    }

    pub(crate) fn is_graphql(&self) -> bool {
        self.head.starts_with("POST /graphql ")
    }

    pub(crate) fn is_success(&self) -> bool {
        self.head.starts_with("HTTP/1.1 200")
    }

    /// The name of the GraphQL operation, or of the user pool's; empty if it has none.
    pub(crate) fn operation(&self) -> String {
        if let Some(target) = self.header("x-amz-target") {
            return target.rsplit('.').next().unwrap_or_default().to_owned();
        }
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["operationName"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), &self.body].concat()
    }

    /// A response of the proxy's own.
    pub(crate) fn response(status: u16, body: &str) -> Self {
        let length = body.len();
        Self {
            head: format!(
                "HTTP/1.1 {status} Fault\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
            ),
            body: body.as_bytes().to_vec(),
        }
    }
}
