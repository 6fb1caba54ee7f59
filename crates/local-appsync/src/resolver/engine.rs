//! The JavaScript engine: one QuickJS runtime, which holds all modules, compiled once.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rquickjs::{CatchResultExt as _, Context, Ctx, Function, Module, Object, Runtime};
use rustix::time::{ClockId, clock_gettime};

use super::{field::LoadError, natives};

/// Maximum processor time of one handler. AppSync ends a request after 30 s, far more than any handler computes.
const TIME_LIMIT: Duration = Duration::from_secs(2);
const MEMORY_LIMIT: usize = 64 << 20;
/// A thread that calls handlers needs a stack that holds QuickJS's.
const STACK_LIMIT: usize = 512 << 10;
const NAME: &str = "the JavaScript engine";

/// The runtime's own modules, imported ones first.
const ENGINE_MODULES: [(&str, &str); 7] = [
    (ENGINE, include_str!("js/engine.js")),
    ("caltrack:regex", include_str!("js/regex.js")),
    ("caltrack:typed", include_str!("js/typed.js")),
    ("caltrack:transform", include_str!("js/transform.js")),
    ("@aws-appsync/utils", include_str!("js/utils.js")),
    ("@aws-appsync/utils/dynamodb", include_str!("js/dynamodb.js")),
    (SEAL, include_str!("js/seal.js")),
];
/// The module that exports `invoke`, which calls a handler.
const ENGINE: &str = "caltrack:engine";
/// The module that exports `seal`, which removes what `APPSYNC_JS` lacks.
const SEAL: &str = "caltrack:seal";

/// A function that a resolver's module exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Handler {
    Request,
    Response,
}

impl Handler {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// Why a call failed, apart from the handler's own errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HandlerFailure {
    /// The handler exceeded its processor time.
    TimedOut,
    /// Another failure, such as the memory limit.
    Broken(String),
}

impl From<&str> for HandlerFailure {
    fn from(reason: &str) -> Self {
        Self::Broken(reason.to_owned())
    }
}

/// What a handler is called with.
#[derive(Debug)]
pub(super) struct HandlerInput {
    /// `util.authType()`
    pub(super) auth_type: &'static str,
    /// Parent type and handler, such as `Subscription response`.
    pub(super) place: String,
    /// The members of `ctx` that are the same for all handlers of a field.
    pub(super) fixed: Arc<FixedContext>,
    /// The other members of `ctx`, as one object of JSON.
    pub(super) changing: String,
}

/// Members of `ctx` as JSON. Most handlers read few of them, so each is parsed when it is read.
#[derive(Debug)]
pub(super) struct FixedContext {
    pub(super) arguments: String,
    pub(super) identity: String,
    pub(super) source: String,
    pub(super) request: String,
    /// `ctx.info` as it is written out, and the two members that it has besides: `{ written, list, graphql }`.
    pub(super) info: String,
    pub(super) environment: String,
}

/// The runtime with its modules. It holds their handlers itself, and `invoke` as its user data.
pub(super) struct Engine {
    clock: Clock,
    context: Context,
}

impl fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Compiles the modules.
    pub(super) fn new(modules: &BTreeMap<String, Cow<'static, str>>) -> Result<Self, LoadError> {
        let clock = Clock::start();
        let context = prepare(&clock)?;
        context.with(|ctx| load(&ctx, modules))?;
        Ok(Self { clock, context })
    }

    /// Calls a handler; its outcome is JSON.
    ///
    /// # Errors
    ///
    /// [`HandlerFailure`], such as an exceeded limit.
    pub(super) fn call(
        &self,
        module: &str,
        handler: Handler,
        input: HandlerInput,
    ) -> Result<String, HandlerFailure> {
        self.clock.allow(TIME_LIMIT);
        self.context.with(|ctx| {
            let invoke = ctx
                .userdata::<Function<'_>>()
                .ok_or("the engine has no modules")?;
            let fixed = &*input.fixed;
            let texts = [
                input.changing.as_str(),
                &fixed.arguments,
                &fixed.identity,
                &fixed.source,
                &fixed.request,
                &fixed.info,
                &fixed.environment,
            ];
            let name = key(module, handler);
            let called = invoke.call::<_, String>((name, input.auth_type, input.place, texts.to_vec()));
            called.catch(&ctx).map_err(|error| {
                if self.clock.rings() {
                    HandlerFailure::TimedOut
                } else {
                    HandlerFailure::Broken(error.to_string())
                }
            })
        })
    }
}

fn prepare(clock: &Clock) -> Result<Context, LoadError> {
    let runtime = Runtime::new().map_err(|error| failed(NAME, &error))?;
    runtime.set_memory_limit(MEMORY_LIMIT);
    runtime.set_max_stack_size(STACK_LIMIT);
    let alarm = clock.clone();
    runtime.set_interrupt_handler(Some(Box::new(move || alarm.rings())));
    Context::full(&runtime).map_err(|error| failed(NAME, &error))
}

/// Evaluates the own modules, removes what `APPSYNC_JS` lacks, then evaluates the resolvers.
fn load(ctx: &Ctx<'_>, modules: &BTreeMap<String, Cow<'static, str>>) -> Result<(), LoadError> {
    natives::give(ctx)
        .catch(ctx)
        .map_err(|error| failed(NAME, &error))?;
    let mut ours = HashMap::new();
    for (name, code) in ENGINE_MODULES {
        ours.insert(name, evaluate(ctx, name, code)?);
    }
    let export = |module: &str, name: &str| {
        let function = ours
            .get(module)
            .map(|exports| exports.get::<_, Function<'_>>(name));
        match function {
            Some(Ok(function)) => Ok(function),
            Some(Err(error)) => Err(failed(module, &error)),
            None => Err(failed(module, &"is no module")),
        }
    };
    let invoke = export(ENGINE, "invoke")?;
    let register = export(ENGINE, "register")?;
    export(SEAL, "seal")?
        .call::<_, ()>(())
        .catch(ctx)
        .map_err(|error| failed(SEAL, &error))?;
    for (name, code) in modules {
        // AppSync doesn't have these modules, so no resolver may import them.
        if code.contains("caltrack:") {
            return Err(failed(name, &"imports what APPSYNC_JS doesn't have"));
        }
        let exports = evaluate(ctx, name, code)?;
        for handler in [Handler::Request, Handler::Response] {
            let function: Function<'_> = exports
                .get(handler.name())
                .map_err(|_| failed(name, &format!("does not export a function `{}`", handler.name())))?;
            register
                .call::<_, ()>((key(name, handler), function))
                .catch(ctx)
                .map_err(|error| failed(name, &error))?;
        }
    }
    ctx.store_userdata(invoke)
        .map(drop)
        .map_err(|error| failed(NAME, &error))
}

/// A handler's name in the engine.
fn key(module: &str, handler: Handler) -> String {
    format!("{module} {}", handler.name())
}

fn evaluate<'js>(ctx: &Ctx<'js>, name: &str, code: &str) -> Result<Object<'js>, LoadError> {
    let evaluated = || {
        let (module, done) = Module::declare(ctx.clone(), name, code)?.eval()?;
        done.finish::<()>()?;
        module.namespace()
    };
    evaluated().catch(ctx).map_err(|error| failed(name, &error))
}

fn failed(file: &str, error: &dyn std::fmt::Display) -> LoadError {
    LoadError {
        file: file.to_owned(),
        reason: error.to_string(),
    }
}

/// Interrupts handlers after their time limit. It measures processor time of the calling thread: handlers never wait,
/// and other load on the computer doesn't count.
#[derive(Debug, Clone)]
struct Clock {
    /// The deadline, in milliseconds of processor time.
    deadline: Arc<AtomicU64>,
}

impl Clock {
    fn start() -> Self {
        Self {
            deadline: Arc::new(AtomicU64::new(u64::MAX)),
        }
    }

    fn allow(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.deadline.store(now() + time, Ordering::Relaxed);
    }

    fn rings(&self) -> bool {
        now() > self.deadline.load(Ordering::Relaxed)
    }
}

/// Milliseconds of processor time of this thread.
fn now() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec * 1000 + time.tv_nsec / 1_000_000).unwrap_or(u64::MAX)
}
