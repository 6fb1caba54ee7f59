//! A cache of parsed and validated documents by their text, since clients repeat a few.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use apollo_compiler::{
    ExecutableDocument, ast,
    parser::Parser,
    validation::{DiagnosticList, Valid},
};
use serde_json::Value;

use super::{
    bounds::{self, DEEPEST, MOST_ERRORS, MOST_TOKENS, is_too_deep},
    errors::{Location, request_error, too_much, validation_errors},
    introspection,
    schema::Api,
    validation,
};

/// Maximum number of cached documents; the oldest is evicted first.
const KEPT: usize = 256;
/// Maximum bytes of all cached texts. A parsed document takes many times its text.
const KEPT_BYTES: usize = 512 << 10;
/// Maximum bytes of a cached text. What programs repeat is far shorter, even tools' introspection query.
const LONGEST_KEPT: usize = 16 << 10;

/// Why a document was rejected.
#[derive(Debug)]
pub(super) enum ParseError {
    /// The text is no GraphQL.
    Syntax,
    /// The document or its variables are invalid; the response's body.
    Invalid(Value),
}

/// The cache of documents.
#[derive(Debug)]
pub(super) struct Documents {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_text: HashMap<Arc<str>, Arc<Valid<ExecutableDocument>>>,
    order: VecDeque<Arc<str>>,
    bytes: usize,
}

impl Kept {
    fn keep(&mut self, text: &str, document: &Arc<Valid<ExecutableDocument>>) {
        if text.len() > LONGEST_KEPT || self.by_text.contains_key(text) {
            return;
        }
        let text: Arc<str> = text.into();
        self.bytes += text.len();
        self.by_text.insert(Arc::clone(&text), Arc::clone(document));
        self.order.push_back(text);
        while self.order.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.order.pop_front() else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(oldest.len());
            self.by_text.remove(&oldest);
        }
    }
}

impl Documents {
    pub(super) fn new() -> Self {
        Self {
            kept: Mutex::default(),
        }
    }

    /// The parsed and validated document of a text.
    pub(super) fn get(&self, api: &Api, text: &str) -> Result<Arc<Valid<ExecutableDocument>>, ParseError> {
        if let Some(document) = self.kept().by_text.get(text) {
            return Ok(Arc::clone(document));
        }
        let document = Arc::new(parse(api, text)?);
        self.kept().keep(text, &document);
        Ok(document)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn parse(api: &Api, text: &str) -> Result<Valid<ExecutableDocument>, ParseError> {
    let mut parser = Parser::new().token_limit(MOST_TOKENS).recursion_limit(DEEPEST);
    let parsed = parser.parse_ast(text, "request.graphql");
    if parser.tokens_reached() > MOST_TOKENS {
        let message = format!("The document has more than {MOST_TOKENS} tokens.");
        return Err(ParseError::Invalid(request_error(
            &message,
            Some("BadRequest"),
            &[],
        )));
    }
    let too_deep = || {
        ParseError::Invalid(too_much(&format!(
            "The document is nested deeper than {DEEPEST} levels."
        )))
    };
    if parser.recursion_reached() > DEEPEST {
        return Err(too_deep());
    }
    let document = parsed.map_err(|_| ParseError::Syntax)?;
    if document.definitions.is_empty() {
        return Err(ParseError::Syntax);
    }
    if is_too_deep(&document) {
        return Err(too_deep());
    }
    let executable = document
        .to_executable_validate(&api.schema)
        .map_err(|error| ParseError::Invalid(invalid(api, &document, &error.errors)))?;
    let values = validation::check_values(&api.schema, &document);
    if !values.errors.is_empty() {
        return Err(ParseError::Invalid(validation_errors(values.errors.into_iter())));
    }
    if values.too_deep {
        return Err(ParseError::Invalid(too_much(&bounds::json_too_deep())));
    }
    if !api.settings.introspection
        && let Some(body) = introspection::refused(&executable)
    {
        return Err(ParseError::Invalid(body));
    }
    Ok(executable)
}

/// The response to an invalid document, with AppSync's wording if it is known, otherwise with apollo-compiler's.
fn invalid(api: &Api, document: &ast::Document, diagnostics: &DiagnosticList) -> Value {
    let found = validation::explain(&api.schema, document);
    if !found.errors.is_empty() {
        return validation_errors(found.errors.into_iter());
    }
    let errors = diagnostics.iter().take(MOST_ERRORS).map(|diagnostic| {
        let found = diagnostic.to_json();
        let kind = diagnostic
            .error
            .unstable_error_name()
            .map_or("ValidationError", graphql_java_name);
        let message = diagnostic
            .error
            .unstable_compat_message()
            .unwrap_or(found.message);
        let locations: Vec<Location> = found.locations.iter().map(Location::from).collect();
        (format!("Validation error of type {kind}: {message}"), locations)
    });
    validation_errors(errors)
}

/// graphql-java's names of the errors that only apollo-compiler finds, not [`validation`].
fn graphql_java_name(name: &'static str) -> &'static str {
    match name {
        "ConflictingFieldType" | "ConflictingFieldName" | "ConflictingFieldArgument" => "FieldsConflict",
        "RecursiveFragmentDefinition" => "FragmentCycle",
        "UniqueDirective" => "DuplicateDirectiveName",
        "UniqueArgument" => "DuplicateArgumentNames",
        "UniqueVariable" => "DuplicateVariableName",
        "UnsupportedLocation" => "MisplacedDirective",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ApiSettings;

    fn api() -> Api {
        Api::embedded(ApiSettings::default()).unwrap()
    }

    /// A document of about so many bytes, unlike others of another number.
    fn text(number: usize, bytes: usize) -> String {
        format!("{{ a{number}: __typename }} #{}", "x".repeat(bytes))
    }

    #[test]
    fn a_document_is_parsed_once() {
        let (api, documents) = (api(), Documents::new());
        let first = documents.get(&api, "{ __typename }").unwrap();
        assert!(Arc::ptr_eq(
            &first,
            &documents.get(&api, "{ __typename }").unwrap()
        ));
        assert_eq!(documents.kept().bytes, "{ __typename }".len());
    }

    #[test]
    fn documents_are_kept_by_number_and_by_bytes_and_the_oldest_goes_first() {
        let (api, documents) = (api(), Documents::new());
        for number in 0..KEPT * 2 {
            documents.get(&api, &text(number, 1)).unwrap();
        }
        assert_eq!(documents.kept().order.len(), KEPT);
        for number in 0..KEPT * 2 {
            documents.get(&api, &text(number, LONGEST_KEPT / 2)).unwrap();
            let kept = documents.kept();
            assert_eq!(
                kept.bytes,
                kept.order.iter().map(|text| text.len()).sum::<usize>()
            );
            assert_eq!(kept.by_text.len(), kept.order.len());
            assert!(kept.bytes <= KEPT_BYTES, "{}", kept.bytes);
        }
        let kept = documents.kept();
        assert!(
            kept.by_text
                .contains_key(text(KEPT * 2 - 1, LONGEST_KEPT / 2).as_str())
        );
        assert!(!kept.by_text.contains_key(text(0, LONGEST_KEPT / 2).as_str()));
        assert!(kept.order.len() > 50, "{}", kept.order.len());
    }

    #[test]
    fn a_huge_document_is_answered_and_not_kept() {
        let (api, documents) = (api(), Documents::new());
        documents.get(&api, &text(0, LONGEST_KEPT)).unwrap();
        let kept = documents.kept();
        assert_eq!((kept.bytes, kept.by_text.len()), (0, 0));
    }
}
