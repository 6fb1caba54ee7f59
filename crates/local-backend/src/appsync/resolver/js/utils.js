// `@aws-appsync/utils`, as far as AppSync documents it for APPSYNC_JS 1.0.0.

import { Halt, host, state } from 'caltrack:engine';
import * as transform from 'caltrack:transform';
import { toDynamoDB, toMapValues } from 'caltrack:typed';

const problem = (message, type, data, info) => ({
  message: message === undefined || message === null ? '' : String(message),
  type: type ?? null,
  data: data ?? null,
  info: info ?? null,
});

const halt = (...details) => {
  throw new Halt('error', problem(...details));
};

// Java's inline flags, and character classes by code point.
const matches = (pattern, text) => {
  let flags = 'u';
  let source = String(pattern);
  for (const [inline, flag] of [['(?s)', 's'], ['(?i)', 'i'], ['(?m)', 'm']]) {
    if (source.indexOf(inline) >= 0) {
      source = source.split(inline).join('');
      flags += flag;
    }
  }
  return host.regex(source, flags).test(String(text));
};

const time = {
  nowISO8601: () => host.iso(host.now()),
  nowEpochSeconds: () => Math.floor(host.now() / 1000),
  nowEpochMilliSeconds: () => host.now(),
  parseISO8601ToEpochMilliSeconds: (text) => {
    const ms = host.parseIso(text);
    if (ms !== ms) halt(`Unable to parse ${text} as an ISO 8601 moment.`);
    return ms;
  },
  epochMilliSecondsToSeconds: (ms) => Math.floor(ms / 1000),
  epochMilliSecondsToISO8601: (ms) => host.iso(ms),
};

const dynamodb = {
  toDynamoDB,
  toMapValues,
  toMap: (value) => ({ M: toMapValues(value) }),
  toList: (value) => ({ L: value.map(toDynamoDB) }),
  toString: (value) => ({ S: String(value) }),
  toStringSet: (value) => ({ SS: value }),
  toNumber: (value) => ({ N: value }),
  toNumberSet: (value) => ({ NS: value }),
  toBinary: (value) => ({ B: value }),
  toBinarySet: (value) => ({ BS: value }),
  toBoolean: (value) => ({ BOOL: value }),
  toNull: () => ({ NULL: null }),
};

export const util = {
  error: halt,
  appendError: (...details) => {
    state.appended.push(problem(...details));
  },
  unauthorized: () => {
    throw new Halt('unauthorized', true);
  },
  authType: () => state.authType,
  autoId: host.autoId,
  base64Encode: host.base64Encode,
  base64Decode: host.base64Decode,
  matches,
  time,
  dynamodb,
  transform,
  str: { normalize: (text, form) => text.normalize(form.toUpperCase()) },
  math: {
    roundNum: (value) => Math.round(value),
    minVal: (a, b) => Math.min(a, b),
    maxVal: (a, b) => Math.max(a, b),
    randomDouble: () => Math.random(),
    randomWithinRange: (from, to) => Math.floor(Math.random() * (to - from)) + from,
  },
};

export const extensions = {
  setSubscriptionFilter: (filter) => {
    state.filter = filter ?? null;
  },
};

export const runtime = {
  earlyReturn: (value, options) => {
    throw new Halt('early', { value: value ?? null, skipTo: (options && options.skipTo) || 'NEXT' });
  },
};
