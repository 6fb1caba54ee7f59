//! Executes an operation: fields with a resolver call it, other fields read their parent.
//!
//! apollo-compiler walks the selection synchronously. A walk collects the fields whose resolver has not run; then these
//! resolvers run, and the next walk uses their results, until all are there. With resolvers on root fields alone, this
//! takes two walks.

use apollo_compiler::executable::{Operation, OperationType};
use futures_util::{StreamExt as _, stream};
use serde_json::{Map, Value};

use super::{
    bounds::MAX_RESPONSE_BYTES,
    errors::{ExecutionError, Location, Path, request_error},
    execution::Execution,
    outcome::{ExecutionResult, SideEffects},
    resolver::{Resolved, ResolverError, Resolvers},
    response_size::Projection,
    selection,
    walk::{Answers, PendingField, WalkResult, walk},
};

/// Maximum number of concurrent resolvers of one query. Several copies of a page exist until it has been measured. One
/// thread runs JavaScript and one the tables, so two resolvers keep both busy.
const MAX_CONCURRENT_RESOLVERS: usize = 2;

/// Maximum estimated bytes of all values of one query. It exceeds [`MAX_RESPONSE_BYTES`], since the response can be
/// smaller than the estimate: null propagation removes objects later.
const MAX_HELD_BYTES: usize = MAX_RESPONSE_BYTES + (1 << 20);

/// The source of the root fields.
pub(super) enum Root {
    /// No values: every root field has a resolver.
    Empty,
    /// A published event: the subscription field and its payload.
    Event(Value),
}

/// The results of all resolvers so far.
#[derive(Default)]
struct Progress {
    answers: Answers,
    /// Estimated bytes of the answers in the response.
    held: usize,
    failures: Vec<ExecutionError>,
    side_effects: SideEffects,
}

/// The result of one resolver.
struct ResolverOutcome {
    path: Path,
    locations: Vec<Location>,
    /// Estimated bytes of the value in the response.
    bytes: usize,
    answer: Result<Resolved, ResolverError>,
}

impl Execution<'_> {
    pub(super) async fn run(self, operation: &Operation, root: Root) -> ExecutionResult {
        let root = match root {
            Root::Event(Value::Object(event)) => event,
            Root::Empty | Root::Event(_) => Map::new(),
        };
        let mut progress = Progress::default();
        loop {
            let WalkResult {
                response,
                pending,
                failures,
                too_large,
            } = walk(&self, operation, &root, &progress.answers, &progress.failures);
            if too_large {
                return ExecutionResult::too_large();
            }
            if pending.is_empty() {
                progress.failures.extend(failures);
                return match response {
                    Ok(response) => ExecutionResult {
                        data: response
                            .data
                            .map_or(Value::Null, |data| serde_json::to_value(data).unwrap_or_default()),
                        errors: progress.failures.iter().map(ExecutionError::to_json).collect(),
                        side_effects: progress.side_effects,
                    },
                    Err(message) => ExecutionResult::of_body(request_error(&message, None, &[])),
                };
            }
            // Mutations run serially, all of them. Each returns one item, so their values are small.
            let mutation = operation.operation_type == OperationType::Mutation;
            let concurrency = if mutation { 1 } else { MAX_CONCURRENT_RESOLVERS };
            let mut outcomes = stream::iter(pending)
                .map(|field| self.resolve(field))
                .buffered(concurrency);
            while let Some(outcome) = outcomes.next().await {
                progress.add(outcome);
                if progress.held > MAX_HELD_BYTES && !mutation {
                    return ExecutionResult::too_large();
                }
            }
        }
    }

    async fn resolve(&self, field: PendingField) -> ResolverOutcome {
        let PendingField {
            path,
            context,
            locations,
            selected,
        } = field;
        let document = &self.prepared.document;
        let answer = match self.resolvers {
            Some(resolvers) => resolvers.run(context).await,
            None => Ok(Resolved::default()),
        };
        let projection = Projection::new(document, &self.prepared.variables);
        // An error's data has only the selected fields, as the field's value.
        let filtered = |mut error: ResolverError| {
            if let Some(selected) = &selected {
                error.data = selection::filtered(document, selected, &error.data);
            }
            error
        };
        let mut bytes = 0;
        let answer = answer.map_err(filtered).map(|mut resolved| {
            bytes = projection.bytes(selected.as_ref(), &resolved.value);
            // Resolvers of nested fields would get the whole object (`ctx.source`).
            if !self.resolvers.is_some_and(Resolvers::below_roots) {
                projection.prune(selected.as_ref(), &mut resolved.value);
            }
            let appended = std::mem::take(&mut resolved.appended);
            resolved.appended = appended.into_iter().map(filtered).collect();
            resolved
        });
        ResolverOutcome {
            path,
            locations,
            bytes,
            answer,
        }
    }
}

impl Progress {
    fn add(&mut self, outcome: ResolverOutcome) {
        let ResolverOutcome {
            path,
            locations,
            bytes,
            answer,
        } = outcome;
        self.held += bytes;
        let mut fail = |error: ResolverError| {
            self.failures.push(ExecutionError::Field {
                path: path.clone(),
                error,
                locations: locations.clone(),
            });
        };
        let answer = match answer {
            Ok(resolved) => {
                let refused = self.side_effects.headers.add(resolved.response_headers);
                resolved.appended.into_iter().chain(refused).for_each(&mut fail);
                let side_effects = &mut self.side_effects;
                side_effects.filter = resolved.subscription_filter.or(side_effects.filter.take());
                side_effects.invalidation_filter = resolved
                    .invalidation_filter
                    .or(side_effects.invalidation_filter.take());
                side_effects.invalidations.extend(resolved.invalidations);
                Ok(resolved.value)
            }
            Err(error) => {
                let message = error.message.clone();
                fail(error);
                Err(message)
            }
        };
        self.answers.insert(path, answer);
    }
}
