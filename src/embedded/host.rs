//! Hosting: opening the box, serving the socket file, and closing the box.

use std::path::Path;

use caltrack_local_backend::{Backend, BackendOptions};
use tokio::sync::{oneshot, watch};

use super::{account::known_account, error::EmbeddedError, readiness::ShareStatus, room, socket};
use caltrack_client::config::DataDir;

/// Hosts the box until it is stopped. The caller holds the lock.
pub(super) async fn run(
    data: &DataDir,
    path: &Path,
    status: &watch::Sender<ShareStatus>,
    mut stopped: oneshot::Receiver<()>,
) {
    let directory = data.backend();
    let mut options = BackendOptions::default();
    options.account = known_account(data);
    let backend = match Backend::start(&directory, options).await {
        Ok(backend) => backend,
        Err(error) => {
            tracing::error!(%error, "the backend in the box can't be opened");
            status.send_replace(ShareStatus::Failed(room::start_error(&directory, &error)));
            return;
        }
    };
    if let Err(error) = serve(&backend, path, status, &mut stopped).await {
        tracing::error!(%error, "the backend in the box can't be served");
        status.send_replace(ShareStatus::Failed(error));
    }
    socket::remove(path);
    backend.shutdown().await;
}

async fn serve(
    backend: &Backend,
    path: &Path,
    status: &watch::Sender<ShareStatus>,
    stopped: &mut oneshot::Receiver<()>,
) -> Result<(), EmbeddedError> {
    let listener = socket::bind(path)?;
    status.send_replace(ShareStatus::Ready);
    tracing::info!(socket = %path.display(), "hosting the backend in the box");
    let stop = async {
        // An error means that the sender is gone, which is a stop as well.
        let _ = stopped.await;
    };
    backend
        .serve_unix(listener, stop)
        .await
        .map_err(|error| EmbeddedError::Socket {
            path: path.to_owned(),
            detail: error.to_string(),
        })
}
