//! The thread that runs JavaScript.
//!
//! One QuickJS runtime holds all modules, compiled once. A call of a handler, with JSON in and out, takes about 20 µs, so
//! one thread serves tens of thousands per second. Callers take turns in its queue.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use caltrack_local_core::fair_queue::{self, Receiver, Sender};
use rquickjs::{CatchResultExt as _, Context, Ctx, Function, Module, Object, Persistent, Runtime};
use rustix::time::{ClockId, clock_gettime};
use tokio::sync::oneshot;

use super::{field::LoadError, natives};

/// Maximum processor time of one handler. AppSync ends a request after 30 s, far more than any handler computes.
const TIME_LIMIT: Duration = Duration::from_secs(2);
const MEMORY_LIMIT: usize = 64 << 20;
const STACK_LIMIT: usize = 512 << 10;
/// The stack of the thread, which must hold QuickJS's.
const THREAD_STACK: usize = 4 << 20;

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

#[derive(Debug)]
struct Call {
    module: String,
    handler: Handler,
    input: String,
    reply: oneshot::Sender<Result<String, HandlerFailure>>,
}

/// A handle on the thread, which ends when the last clone is dropped.
#[derive(Debug, Clone)]
pub(super) struct JsWorker {
    calls: Sender<Call>,
}

impl JsWorker {
    /// Starts the thread, and blocks until it has compiled the modules.
    pub(super) fn start(modules: BTreeMap<String, Cow<'static, str>>) -> Result<Self, LoadError> {
        let (calls, queue) = fair_queue::channel();
        let (ready, started) = std::sync::mpsc::sync_channel(1);
        let failed = |reason: String| LoadError {
            file: "the JavaScript engine".to_owned(),
            reason,
        };
        std::thread::Builder::new()
            .name("resolvers".to_owned())
            .stack_size(THREAD_STACK)
            .spawn(move || run(&modules, queue, &ready))
            .map_err(|error| failed(error.to_string()))?;
        started.recv().map_err(|error| failed(error.to_string()))??;
        Ok(Self { calls })
    }

    /// Calls a handler with a serialised input, in the caller's turn.
    ///
    /// # Errors
    ///
    /// [`HandlerFailure`], such as an exceeded limit.
    pub(super) async fn call(
        &self,
        caller: &Arc<str>,
        module: &str,
        handler: Handler,
        input: String,
    ) -> Result<String, HandlerFailure> {
        let (reply, answer) = oneshot::channel();
        let call = Call {
            module: module.to_owned(),
            handler,
            input,
            reply,
        };
        self.calls
            .send(caller, call)
            .await
            .map_err(|_| "the JavaScript engine has stopped")?;
        answer.await.map_err(|_| "the JavaScript engine has stopped")?
    }
}

type Handlers = HashMap<(String, Handler), Persistent<Function<'static>>>;

fn run(
    modules: &BTreeMap<String, Cow<'static, str>>,
    mut queue: Receiver<Call>,
    ready: &std::sync::mpsc::SyncSender<Result<(), LoadError>>,
) {
    let clock = Clock::start();
    let prepared = prepare(&clock).and_then(|(runtime, context)| {
        let (invoke, handlers) = context.with(|ctx| load(&ctx, modules))?;
        Ok((runtime, context, invoke, handlers))
    });
    let (_runtime, context, invoke, handlers) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => {
            // An error means that the starting thread has ended.
            let _ = ready.send(Err(error));
            return;
        }
    };
    if ready.send(Ok(())).is_err() {
        return;
    }
    while let Some(call) = queue.recv() {
        // The caller may have stopped waiting: skip the call.
        if call.reply.is_closed() {
            continue;
        }
        clock.allow(TIME_LIMIT);
        let outcome = context.with(|ctx| {
            let handler = handlers
                .get(&(call.module, call.handler))
                .ok_or_else(|| HandlerFailure::Broken(format!("no handler `{}`", call.handler.name())))?;
            let restored = (invoke.clone().restore(&ctx), handler.clone().restore(&ctx));
            let (Ok(invoke), Ok(handler)) = restored else {
                return Err("the engine lost a handler".into());
            };
            invoke
                .call::<_, String>((handler, call.input))
                .catch(&ctx)
                .map_err(|error| {
                    if clock.rings() {
                        HandlerFailure::TimedOut
                    } else {
                        HandlerFailure::Broken(error.to_string())
                    }
                })
        });
        // An error means that the caller has stopped waiting.
        let _ = call.reply.send(outcome);
    }
}

fn prepare(clock: &Clock) -> Result<(Runtime, Context), LoadError> {
    let failed = |error: rquickjs::Error| LoadError {
        file: "the JavaScript engine".to_owned(),
        reason: error.to_string(),
    };
    let runtime = Runtime::new().map_err(failed)?;
    runtime.set_memory_limit(MEMORY_LIMIT);
    runtime.set_max_stack_size(STACK_LIMIT);
    let alarm = clock.clone();
    runtime.set_interrupt_handler(Some(Box::new(move || alarm.rings())));
    let context = Context::full(&runtime).map_err(failed)?;
    Ok((runtime, context))
}

/// Evaluates the own modules, removes what `APPSYNC_JS` lacks, then evaluates the resolvers.
fn load(
    ctx: &Ctx<'_>,
    modules: &BTreeMap<String, Cow<'static, str>>,
) -> Result<(Persistent<Function<'static>>, Handlers), LoadError> {
    let failed = |file: &str, error: &dyn std::fmt::Display| LoadError {
        file: file.to_owned(),
        reason: error.to_string(),
    };
    natives::give(ctx)
        .catch(ctx)
        .map_err(|error| failed("the JavaScript engine", &error))?;
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
    export(SEAL, "seal")?
        .call::<_, ()>(())
        .catch(ctx)
        .map_err(|error| failed(SEAL, &error))?;
    let mut handlers = Handlers::new();
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
            handlers.insert((name.clone(), handler), Persistent::save(ctx, function));
        }
    }
    Ok((Persistent::save(ctx, invoke), handlers))
}

fn evaluate<'js>(ctx: &Ctx<'js>, name: &str, code: &str) -> Result<Object<'js>, LoadError> {
    let evaluated = || {
        let (module, done) = Module::declare(ctx.clone(), name, code)?.eval()?;
        done.finish::<()>()?;
        module.namespace()
    };
    evaluated().catch(ctx).map_err(|error| LoadError {
        file: name.to_owned(),
        reason: error.to_string(),
    })
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
