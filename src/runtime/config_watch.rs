//! Watching the configuration file and the themes: a change shows at once, and nothing polls.
//!
//! On Linux by inotify(7); elsewhere changes apply at the next start.

use caltrack_client::config::Config;
use tokio::{sync::mpsc, task::JoinHandle};

use super::{event::Event, looks};
use crate::app::{Configured, Message, input::keymap::Keymap};

/// Reports every change of the files until the program ends.
pub(super) fn start(config: Config, is_light: Option<bool>, events: mpsc::Sender<Event>) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = watch(&config, is_light, &events).await {
            tracing::info!(%error, "changes of the configuration apply at the next start");
        }
    })
}

/// What the files say now; none while `config.toml` can't be read, as in the middle of an edit.
fn read(config: &Config, is_light: Option<bool>) -> Option<Configured> {
    let (display, keys) = config
        .read_again()
        .inspect_err(|error| tracing::info!(%error, "the changed configuration is not used"))
        .ok()?;
    let (themes, mut problems) = looks::themes(config, is_light);
    let (keymap, refused) = Keymap::rebound(&keys);
    problems.extend(refused);
    Some(Configured {
        display,
        themes,
        keymap,
        problems,
    })
}

#[cfg(target_os = "linux")]
async fn watch(config: &Config, is_light: Option<bool>, events: &mpsc::Sender<Event>) -> std::io::Result<()> {
    use std::{mem::MaybeUninit, path::Path};

    use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
    use tokio::io::unix::AsyncFd;

    let directory = config.file.parent().unwrap_or_else(|| Path::new("."));
    let file_name = config.file.file_name().unwrap_or_default();
    let themes = config.themes();
    let flags = WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO | WatchFlags::DELETE | WatchFlags::CREATE;
    #[expect(
        deprecated,
        reason = "the queue owns its descriptor as long as it is registered"
    )]
    let queue = AsyncFd::new(inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?)?;
    let directory_watch = inotify::add_watch(queue.get_ref(), directory, flags)?;
    // The directory of themes may be created later.
    let mut themes_watch = inotify::add_watch(queue.get_ref(), &themes, flags).ok();
    loop {
        let mut ready = queue.readable().await?;
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut changes = inotify::Reader::new(queue.get_ref(), &mut buffer);
        let mut is_news = false;
        loop {
            match changes.next() {
                Ok(event) => {
                    let name = event.file_name().map(|name| name.to_bytes().to_vec());
                    let name = name.unwrap_or_default();
                    if event.wd() == directory_watch {
                        let made_themes = name == b"themes";
                        if made_themes {
                            themes_watch = inotify::add_watch(queue.get_ref(), &themes, flags).ok();
                        }
                        is_news |= made_themes || name == file_name.as_encoded_bytes();
                    } else if themes_watch == Some(event.wd()) {
                        is_news |= name.ends_with(b".toml") && !event.events().contains(ReadFlags::CREATE);
                    }
                }
                Err(rustix::io::Errno::WOULDBLOCK) => break,
                Err(error) => return Err(error.into()),
            }
        }
        ready.clear_ready();
        if is_news && let Some(configured) = read(config, is_light) {
            let message = Message::Configured(Box::new(configured));
            if events.send(Event::Message(message)).await.is_err() {
                return Ok(());
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
async fn watch(_: &Config, _: Option<bool>, _: &mpsc::Sender<Event>) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
