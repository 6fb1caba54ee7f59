# What contributors run daily; `just` lists it.
_default:
    @just --list

# The screens, on a throw-away data directory.
try *ARGS:
    CALTRACK_DATA_DIR="$(mktemp -d)" cargo run --profile quick -- {{ ARGS }}

# What a change must pass before a commit.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test

# Everything that CI runs.
ci:
    .ci/run

# Accept new pictures of the screens after looking at them.
review:
    cargo insta review

# The API's documentation, private items included.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --open

# What is generated out of graphql/: templates and the schema's copy.
generate:
    cargo run -p xtask -- generate

# The templates and the guide's commands on an emulator of AWS.
check-deploy:
    .ci/check-deploy

# The packed Lambda under AWS's runtime interface emulator.
check-lambda:
    .ci/check-lambda

# The tests' DynamoDB calls, given to AWS's own DynamoDB local as well.
check-differential:
    .ci/check-differential

# cfn-lint over the templates.
check-templates:
    .ci/check-templates

# AWS's eslint plugin over the resolvers.
lint-resolvers:
    .ci/lint-resolvers

# The figures of benches/README.md, anew.
bench:
    cargo bench --bench frame
    cargo bench --bench terminal

# The Lambda's zip, for x86_64 (or arm64, untested), into target/lambda.
package ARCHITECTURE="x86_64":
    .ci/package-lambda {{ ARCHITECTURE }}

# The operators' tool: recounts totals, reports drifts, repairs them (docs/reconcile.md).
reconcile *ARGS:
    cargo run --release -p caltrack-aggregator --features reconcile --bin reconcile -- {{ ARGS }}
