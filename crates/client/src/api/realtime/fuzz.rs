//! Frames of a server that sends anything.

use super::{
    frames::{ServerFrame, parse},
    subscriptions::Subscription,
};
use crate::{api::model::RealtimeEvent, error::assert_is_shown};

#[test]
fn any_frame_is_read_or_refused() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/frames"), |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        match parse(text) {
            Ok(ServerFrame::ConnectionAck { timeout }) => assert!(!timeout.is_zero()),
            Ok(ServerFrame::Data { data, .. }) => {
                for subscription in Subscription::ALL {
                    match subscription.event(data.clone()) {
                        RealtimeEvent::Notice(text) => assert_is_shown(&text),
                        event => assert!(matches!(
                            event,
                            RealtimeEvent::Activity(..) | RealtimeEvent::Totals(_)
                        )),
                    }
                }
            }
            Ok(ServerFrame::Error { errors, .. } | ServerFrame::ConnectionError { errors }) => {
                assert!(!errors.is_empty());
                for error in errors {
                    assert_is_shown(&error.text());
                    assert!(!(error.is_about_token() && error.is_permanent()));
                }
            }
            Ok(ServerFrame::Unknown { kind }) => assert_is_shown(&kind),
            Ok(ServerFrame::KeepAlive | ServerFrame::StartAck { .. } | ServerFrame::Complete { .. })
            | Err(_) => {}
        }
    });
}
