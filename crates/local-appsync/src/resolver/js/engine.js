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

// Calls a handler with a context (JSON), and returns its outcome (JSON).
export function invoke(handler, input) {
  const { authType, place, context, selection } = parse(input);
  context.arguments = context.args;
  // Read directly they are there; written out with the rest of `info` they are not.
  defineProperty(context.info, 'selectionSetList', { value: selection.list });
  defineProperty(context.info, 'selectionSetGraphQL', { value: selection.graphql });
  begin(authType, place);
  const outcome = { stash: context.stash };
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
  const { appended, filter, invalidationFilter, invalidations, headers } = state;
  return stringify({ ...outcome, appended, filter, invalidationFilter, invalidations, headers });
}
