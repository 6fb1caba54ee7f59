//! WebSocket connections: frames of the server, each with its fault (RFC 6455, section 5.2).

use std::io;

use tokio::io::{AsyncBufRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader, split};

use super::{
    Shared,
    fault::{EVENT, Fault},
    http::Message,
    stream::Stream,
};

/// The operation under which scripts have the opening of a connection.
const CONNECT: &str = "connect";

pub(super) async fn serve(
    mut client: BufReader<Stream>,
    request: &Message,
    shared: &Shared,
) -> io::Result<()> {
    match shared.with_rules(|rules| rules.choose(CONNECT)) {
        Fault::Status(status) => {
            let refusal = Message::response(status, "{}");
            client.write_all(&refusal.bytes()).await?;
            return client.flush().await;
        }
        Fault::CutRequest | Fault::DropAnswer | Fault::CutAnswer => return Ok(()),
        Fault::Delay(time) => tokio::time::sleep(time).await,
        _ => {}
    }
    let mut server = BufReader::new(shared.target.connect().await?);
    server.write_all(&request.bytes()).await?;
    server.flush().await?;
    let answer = Message::read(&mut server)
        .await?
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    client.write_all(&answer.bytes()).await?;
    client.flush().await?;
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = split(server);
    tokio::select! {
        copied = tokio::io::copy(&mut from_client, &mut to_server) => copied.map(|_| ()),
        relayed = relay(BufReader::new(&mut from_server), &mut to_client, shared) => relayed,
    }
}

async fn relay(
    mut server: impl AsyncBufRead + Unpin,
    client: &mut (impl tokio::io::AsyncWrite + Unpin),
    shared: &Shared,
) -> io::Result<()> {
    let mut late: Option<Vec<u8>> = None;
    loop {
        let frame = read_frame(&mut server).await?;
        let fault = if is_event(&frame) {
            shared.with_rules(|rules| rules.choose(EVENT))
        } else {
            Fault::None
        };
        match fault {
            Fault::Delay(time) => {
                tokio::time::sleep(time).await;
                client.write_all(&frame).await?;
            }
            Fault::DropAnswer | Fault::CutRequest => return Ok(()),
            Fault::CutAnswer => {
                client.write_all(&frame[..frame.len() / 2]).await?;
                return client.flush().await;
            }
            Fault::Silence => std::future::pending().await,
            Fault::SilenceAfter => {}
            Fault::Duplicate => client.write_all(&[&frame[..], &frame].concat()).await?,
            Fault::Swap if late.is_none() => {
                late = Some(frame);
                continue;
            }
            _ => client.write_all(&frame).await?,
        }
        if let Some(late) = late.take() {
            client.write_all(&late).await?;
        }
        client.flush().await?;
    }
}

/// Reads one frame of the server, which masks none.
async fn read_frame(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 2];
    from.read_exact(&mut frame).await?;
    let more = match frame[1] & 0x7f {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    frame.resize(2 + more, 0);
    from.read_exact(&mut frame[2..]).await?;
    let length = if more == 0 {
        usize::from(frame[1] & 0x7f)
    } else {
        frame[2..]
            .iter()
            .fold(0, |length, byte| (length << 8) | usize::from(*byte))
    };
    let start = frame.len();
    frame.resize(start + length, 0);
    from.read_exact(&mut frame[start..]).await?;
    Ok(frame)
}

/// Whether a frame is an event of a subscription: a text with the type `data`.
fn is_event(frame: &[u8]) -> bool {
    let mark = br#""type":"data""#;
    frame[0] & 0x0f == 1 && frame.windows(mark.len()).any(|window| window == mark)
}
