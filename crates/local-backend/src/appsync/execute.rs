//! Executes an operation: fields with a resolver ask it, all others read their parent.
//!
//! apollo-compiler walks the selection, in one go and without waiting. So it walks until it meets fields whose resolver has
//! not answered yet; these are asked; then it walks again, until every answer is there. Our resolvers stand on root fields: two
//! walks.

use apollo_compiler::executable::{Operation, OperationType};
use futures_util::{StreamExt as _, stream};
use serde_json::{Map, Value};

use super::{
    Caller, Prepared,
    answer_size::Selected,
    bounds::LARGEST_ANSWER,
    errors::{Failure, Location, Path, request_error},
    outcome::{Asides, Outcome},
    resolver::{Resolved, ResolverError, Resolvers},
    schema::Api,
    selection,
    walk::{Answers, Question, Walked, walk},
};

/// Resolvers of a query that are asked at once. What they fetch lies in memory several times over until it is measured. One thread
/// runs their code and another the tables, so two keep both busy.
const AT_ONCE: usize = 2;

/// Bytes that resolvers' values may have as they will stand in the answer, until the answer itself is there. That may be smaller:
/// here objects count that a null takes the place of.
const MOST_HELD: usize = LARGEST_ANSWER + (1 << 20);

/// What the root's fields come from.
pub(super) enum Root {
    /// Resolvers.
    Empty,
    /// A published event: the subscription field and its payload.
    Event(Value),
}

/// One execution.
pub(super) struct Execution<'a> {
    pub(super) api: &'a Api,
    /// None for events: resolvers are not run again for subscribers.
    pub(super) resolvers: Option<&'a Resolvers>,
    pub(super) caller: &'a Caller,
    pub(super) prepared: &'a Prepared,
}

/// What is known so far.
#[derive(Default)]
struct Known {
    answers: Answers,
    /// Bytes of the answers as they will stand in the answer.
    held: usize,
    failures: Vec<Failure>,
    asides: Asides,
}

/// What one resolver came to.
struct Asked {
    path: Path,
    locations: Vec<Location>,
    /// Bytes of the value as it will stand in the answer.
    bytes: usize,
    answer: Result<Resolved, ResolverError>,
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

    pub(super) async fn run(self, operation: &Operation, root: Root) -> Outcome {
        let root = match root {
            Root::Event(Value::Object(event)) => event,
            Root::Empty | Root::Event(_) => Map::new(),
        };
        let mut known = Known::default();
        loop {
            let Walked {
                response,
                questions,
                failures,
                too_large,
            } = walk(&self, operation, &root, &known.answers, &known.failures);
            if too_large {
                return Outcome::too_large();
            }
            if questions.is_empty() {
                known.failures.extend(failures);
                return match response {
                    Ok(response) => Outcome {
                        data: response
                            .data
                            .map_or(Value::Null, |data| serde_json::to_value(data).unwrap_or_default()),
                        errors: known.failures.iter().map(Failure::to_json).collect(),
                        asides: known.asides,
                    },
                    Err(message) => Outcome::of_body(request_error(&message, None, &[])),
                };
            }
            // A mutation's fields run one after another, all of them; what they answer with is an item each.
            let mutation = operation.operation_type == OperationType::Mutation;
            let at_once = if mutation { 1 } else { AT_ONCE };
            let mut asked = stream::iter(questions)
                .map(|question| self.ask(question))
                .buffered(at_once);
            while let Some(asked) = asked.next().await {
                known.add(asked);
                if known.held > MOST_HELD && !mutation {
                    return Outcome::too_large();
                }
            }
        }
    }

    async fn ask(&self, question: Question) -> Asked {
        let Question {
            path,
            context,
            locations,
            selected,
        } = question;
        let document = &self.prepared.document;
        let answer = match self.resolvers {
            Some(resolvers) => resolvers.run(context).await,
            None => Ok(Resolved::default()),
        };
        let size = Selected::new(document, &self.prepared.variables);
        // A caller is told no more of an error's data than of the field's own.
        let filtered = |mut error: ResolverError| {
            if let Some(selected) = &selected {
                error.data = selection::filtered(document, selected, &error.data);
            }
            error
        };
        let mut bytes = 0;
        let answer = answer.map_err(filtered).map(|mut resolved| {
            bytes = size.bytes(selected.as_ref(), &resolved.value);
            // Resolvers further below would see the whole object (`ctx.source`).
            if !self.resolvers.is_some_and(Resolvers::below_roots) {
                size.keep(selected.as_ref(), &mut resolved.value);
            }
            let appended = std::mem::take(&mut resolved.appended);
            resolved.appended = appended.into_iter().map(filtered).collect();
            resolved
        });
        Asked {
            path,
            locations,
            bytes,
            answer,
        }
    }
}

impl Known {
    fn add(&mut self, asked: Asked) {
        let Asked {
            path,
            locations,
            bytes,
            answer,
        } = asked;
        self.held += bytes;
        let mut fail = |error: ResolverError| {
            self.failures.push(Failure::Field {
                path: path.clone(),
                error,
                locations: locations.clone(),
            });
        };
        let answer = match answer {
            Ok(resolved) => {
                let refused = self.asides.headers.add(resolved.response_headers);
                resolved.appended.into_iter().chain(refused).for_each(&mut fail);
                let asides = &mut self.asides;
                asides.filter = resolved.subscription_filter.or(asides.filter.take());
                asides.invalidation_filter =
                    resolved.invalidation_filter.or(asides.invalidation_filter.take());
                asides.invalidations.extend(resolved.invalidations);
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
