// The host's side of a handler's call. Evaluated first: it keeps what the runtime takes away from resolvers.

const { parse, stringify } = JSON;
const DateClass = Date;
const RegExpClass = RegExp;

// Given by the host program.
const native = globalThis.__native;
delete globalThis.__native;

export const host = {
  ...native,
  now: () => DateClass.now(),
  iso: (ms) => new DateClass(ms).toISOString(),
  parseIso: (text) => DateClass.parse(text),
  regex: (pattern, flags) => new RegExpClass(pattern, flags),
  parse,
  stringify,
};

// What a handler does besides returning. One handler runs at a time.
export const state = { authType: '', appended: [], filter: null };

// Ends a handler: by util.error, or by runtime.earlyReturn.
export class Halt {
  constructor(kind, detail) {
    this.kind = kind;
    this.detail = detail;
  }
}

// Calls a handler with a context (JSON), and tells what it did (JSON).
export function invoke(handler, input) {
  const { authType, context } = parse(input);
  context.arguments = context.args;
  state.authType = authType;
  state.appended = [];
  state.filter = null;
  const outcome = { stash: context.stash, appended: state.appended };
  try {
    const value = handler(context);
    outcome.value = value === undefined ? null : value;
  } catch (thrown) {
    if (thrown instanceof Halt) {
      outcome[thrown.kind] = thrown.detail;
    } else {
      outcome.crash = `${thrown}\n${thrown && thrown.stack}`;
    }
  }
  outcome.filter = state.filter;
  return stringify(outcome);
}

// APPSYNC_JS has none of these: what works here must deploy.
export function seal() {
  for (const name of [
    'AggregateError', 'ArrayBuffer', 'AsyncFunction', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'DataView', 'Date',
    'DOMException', 'FinalizationRegistry', 'Float16Array', 'Float32Array', 'Float64Array', 'Function', 'Generator', 'Int16Array',
    'Int32Array', 'Int8Array', 'Iterator', 'Map', 'Promise', 'Proxy', 'Reflect', 'RegExp', 'Set', 'SharedArrayBuffer', 'Symbol',
    'Uint16Array', 'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakRef', 'WeakSet', 'decodeURI',
    'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'eval', 'parseFloat', 'parseInt', 'performance',
    'queueMicrotask', 'unescape',
  ]) {
    delete globalThis[name];
  }
  for (const name of ['includes', 'entries', 'keys', 'values', 'at', 'copyWithin', 'with', 'toSorted', 'toSpliced', 'toReversed']) {
    delete Array.prototype[name];
  }
  for (const name of ['includes', 'match', 'matchAll', 'search', 'substring', 'substr', 'padStart', 'padEnd', 'repeat', 'at']) {
    delete String.prototype[name];
  }
  // Invalid JSON reads as an empty string, without an exception nobody could catch.
  JSON.parse = (text) => {
    try {
      return parse(text);
    } catch {
      return '';
    }
  };
  globalThis.console = { log: () => undefined, error: () => undefined };
}
