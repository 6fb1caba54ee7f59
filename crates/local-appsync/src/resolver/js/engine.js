// The host's side of a handler's call. Evaluated first: it keeps what the runtime takes away from resolvers.

const { parse, stringify } = JSON;
const { defineProperty } = Object;
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
export const state = {};

const begin = (authType, place) => {
  state.authType = authType;
  // `Subscription.response` and the like: some extensions hold in one place alone.
  state.place = place;
  state.appended = [];
  state.filter = null;
  state.invalidationFilter = null;
  state.invalidations = [];
  state.headers = [];
};

// Ends a handler: by util.error, or by runtime.earlyReturn.
export class Halt {
  constructor(kind, detail) {
    this.kind = kind;
    this.detail = detail;
  }
}

const become = (object, name, value) =>
  defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });

// A member that is parsed from its JSON when it is first read. Its accessors don't hold the object: only the collector of
// cycles could free it.
const lazily = (object, name, text, change) =>
  defineProperty(object, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = change ? change(parse(text)) : parse(text);
      become(this, name, value);
      return value;
    },
    set(value) {
      become(this, name, value);
    },
  });

const sameArguments = {
  configurable: true,
  enumerable: true,
  get() {
    return this.args;
  },
};

// Read directly, the two lists are there; written out with the rest of `info` they are not.
const completed = ({ written, list, graphql }) => {
  defineProperty(written, 'selectionSetList', { value: list });
  defineProperty(written, 'selectionSetGraphQL', { value: graphql });
  return written;
};

// The handlers of all resolvers and functions, such as `Query.getUser request`.
const handlers = { __proto__: null };

export function register(name, handler) {
  handlers[name] = handler;
}

// Calls a handler with a context (its parts as JSON), and returns its outcome (JSON).
export function invoke(name, authType, place, texts) {
  const context = parse(texts[0]);
  lazily(context, 'args', texts[1]);
  lazily(context, 'identity', texts[2]);
  lazily(context, 'source', texts[3]);
  lazily(context, 'request', texts[4]);
  lazily(context, 'info', texts[5], completed);
  lazily(context, 'env', texts[6]);
  defineProperty(context, 'arguments', sameArguments);
  begin(authType, place);
  const outcome = { stash: context.stash };
  try {
    const value = handlers[name](context);
    outcome.value = value === undefined ? null : value;
  } catch (thrown) {
    if (thrown instanceof Halt) {
      outcome[thrown.kind] = thrown.detail;
    } else {
      outcome.crash = `${thrown}\n${thrown && thrown.stack}`;
    }
  }
  const { appended, filter, invalidationFilter, invalidations, headers } = state;
  return stringify({ ...outcome, appended, filter, invalidationFilter, invalidations, headers });
}
