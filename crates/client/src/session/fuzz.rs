//! Session files with any content.

use secrecy::ExposeSecret as _;

use super::{auth::is_fresh, file::SessionFile};
use crate::error::ApiError;

#[test]
fn any_session_file_is_read_or_refused() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/session"), |bytes| {
        let file = SessionFile::new("session.json");
        match file.decode(bytes) {
            Ok(session) => {
                let _ = is_fresh(&session);
                let text = SessionFile::encode(&session).expect("JSON");
                let again = file
                    .decode(text.expose_secret().as_bytes())
                    .expect("its own file");
                assert_eq!(
                    (again.account, again.expires, again.lifetime),
                    (session.account, session.expires, session.lifetime)
                );
                assert_eq!(again.access.expose_secret(), session.access.expose_secret());
                assert_eq!(again.refresh.expose_secret(), session.refresh.expose_secret());
            }
            Err(error) => assert!(matches!(error, ApiError::SignedOut(_))),
        }
    });
}
