# The contributors' commands; `just` lists them.
_default:
    @just --list

# Run the screens on a temporary data directory.
try *ARGS:
    CALTRACK_DATA_DIR="$(mktemp -d)" cargo run --profile quick -- {{ ARGS }}

# Run the checks that a commit must pass.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test

# Run all checks of CI.
ci:
    .ci/run

# Review and accept changed snapshots of the screens.
review:
    cargo insta review

# Build and open the documentation of the code, private items included.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --open

# Generate the templates and the copy of the schema from graphql/.
generate:
    cargo run -p xtask -- generate

# Test the templates and the guide's commands on an emulator of AWS.
check-deploy:
    .ci/check-deploy

# Test the packed Lambda under AWS's runtime interface emulator.
check-lambda:
    .ci/check-lambda

# Replay the tests' DynamoDB calls on AWS's own DynamoDB local, and compare the responses.
check-differential:
    .ci/check-differential

# Check the templates with cfn-lint.
check-templates:
    .ci/check-templates

# Check the resolvers with AWS's eslint plugin.
lint-resolvers:
    .ci/lint-resolvers

# Measure the main figures of benches/README.md.
bench:
    cargo bench --bench frame
    cargo bench --bench terminal

# Build the Lambda's zip for x86_64 (or arm64, untested) in target/lambda.
package ARCHITECTURE="x86_64":
    .ci/package-lambda {{ ARCHITECTURE }}

# Recount totals, report drifts and repair them: the operators' tool (docs/reconcile.md).
reconcile *ARGS:
    cargo run --release -p caltrack-aggregator --features reconcile --bin reconcile -- {{ ARGS }}

# Build the program, and pack it: archive, Debian package (docs/packaging.md) in target/dist.
dist *ARGS:
    .ci/dist {{ ARGS }}

# Check the packed program: equal bytes, installation, removal.
check-dist *ARGS:
    .ci/check-dist {{ ARGS }}
