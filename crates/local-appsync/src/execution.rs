//! An execution of an operation: its inputs. `execute` runs it, and `walk` reads it.

use super::{
    request::{Caller, Prepared},
    resolver::Resolvers,
    schema::Api,
};

/// One execution of a prepared operation for a caller.
pub(super) struct Execution<'a> {
    pub(super) api: &'a Api,
    /// None for events: resolvers are not run again for subscribers.
    pub(super) resolvers: Option<&'a Resolvers>,
    pub(super) caller: &'a Caller,
    pub(super) prepared: &'a Prepared,
}

impl<'a> Execution<'a> {
    pub(super) fn new(
        api: &'a Api,
        resolvers: Option<&'a Resolvers>,
        caller: &'a Caller,
        prepared: &'a Prepared,
    ) -> Self {
        Self {
            api,
            resolvers,
            caller,
            prepared,
        }
    }
}
