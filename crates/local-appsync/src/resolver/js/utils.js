// `@aws-appsync/utils`, as far as AppSync documents it for APPSYNC_JS 1.0.0.

import { Halt, host, state } from 'caltrack:engine';
import { javaRegex } from 'caltrack:regex';
import * as transform from 'caltrack:transform';
import { toDynamoDB, toMapValues } from 'caltrack:typed';

// Taken away from resolvers later.
const { fromEntries } = Object;
const { normalize } = String.prototype;
const { apply } = Reflect;
const ErrorClass = Error;

const problem = (message, type, data, info) => ({
  message: message === undefined || message === null ? '' : String(message),
  type: type ?? null,
  data: data ?? null,
  info: info ?? null,
});

const halt = (...details) => {
  throw new Halt('error', problem(...details));
};

const matches = (pattern, text) => javaRegex(String(pattern), '').test(String(text));

// What the host can't make sense of ends the handler: nothing in APPSYNC_JS could catch an exception.
const known = (value, message) => {
  if (value === null || value === undefined || value !== value) throw new ErrorClass(message);
  return value;
};

const time = {
  nowISO8601: () => host.iso(host.now()),
  nowEpochSeconds: () => Math.floor(host.now() / 1000),
  nowEpochMilliSeconds: () => host.now(),
  nowFormatted: (format, zone) => time.epochMilliSecondsToFormatted(host.now(), format, zone),
  parseFormattedToEpochMilliSeconds: (text, format, zone) =>
    known(host.parseTime(String(text), String(format), zone ?? ''), `${text} is no moment of the form ${format}`),
  parseISO8601ToEpochMilliSeconds: (text) => known(host.parseIso(text), `${text} is no ISO 8601 moment`),
  epochMilliSecondsToSeconds: (ms) => Math.floor(ms / 1000),
  epochMilliSecondsToISO8601: (ms) => host.iso(ms),
  epochMilliSecondsToFormatted: (ms, format, zone) =>
    known(host.formatTime(ms, String(format), zone ?? 'UTC'), `${format} in ${zone ?? 'UTC'} is no format of a moment`),
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
  toS3Object: (key, bucket, region, version) => ({ S: host.stringify({ s3: { key, bucket, region, version } }) }),
  fromS3ObjectJson: (text) => host.parse(text),
};

// Headers of one connection alone, and those that AppSync itself sets (AppSync guide, "HTTP helpers in util.http").
const NEVER_COPIED = [
  'transfer-encoding', 'connection', 'host', 'expect', 'keep-alive', 'upgrade', 'proxy-authenticate', 'proxy-authorization', 'te',
  'content-length',
];
const NEVER_SET = [
  'access-control-allow-credentials', 'access-control-allow-origin', 'access-control-expose-headers', 'access-control-max-age',
  'access-control-allow-methods', 'access-control-allow-headers', 'vary', 'content-type',
];
const NEVER_BEGUN = ['x-amzn-', 'x-amz-'];
const isCopied = (name) => NEVER_COPIED.indexOf(name) < 0;
const isSet = (name) => name !== '' && isCopied(name) && NEVER_SET.indexOf(name) < 0 && !NEVER_BEGUN.some((prefix) => name.startsWith(prefix));

const http = {
  copyHeaders: (headers) => fromEntries(Object.entries(headers).filter(([name]) => isCopied(name.toLowerCase()))),
  // Reserved headers are left out and reported, and the handler continues.
  addResponseHeader: (name, value) => {
    const lower = String(name ?? '').toLowerCase();
    if (isSet(lower) && value !== null && value !== undefined) {
      state.headers.push([lower, typeof value === 'object' ? host.stringify(value) : String(value)]);
    } else {
      state.appended.push(problem(`The response header '${lower}' can't be set.`, 'ResponseHeaderError'));
    }
  },
  addResponseHeaders: (headers) => {
    for (const name of Object.keys(headers)) http.addResponseHeader(name, headers[name]);
  },
};

const xml = {
  toMap: (text) => host.parse(known(host.xmlToJson(String(text)), 'this is no XML')),
  toJsonString: (text) => known(host.xmlToJson(String(text)), 'this is no XML'),
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
  autoUlid: host.autoUlid,
  autoKsuid: host.autoKsuid,
  base64Encode: host.base64Encode,
  base64Decode: host.base64Decode,
  urlEncode: host.urlEncode,
  urlDecode: host.urlDecode,
  escapeJavaScript: host.escapeJavaScript,
  matches,
  time,
  dynamodb,
  transform: {
    toDynamoDBConditionExpression: transform.toDynamoDBConditionExpression,
    toDynamoDBFilterExpression: transform.toDynamoDBFilterExpression,
    toElasticsearchQueryDSL: transform.toElasticsearchQueryDSL,
    toSubscriptionFilter: transform.toSubscriptionFilter,
  },
  http,
  xml,
  str: { normalize: (text, form) => apply(normalize, text, [form.toUpperCase()]) },
  math: {
    roundNum: (value) => Math.round(value),
    minVal: (a, b) => Math.min(a, b),
    maxVal: (a, b) => Math.max(a, b),
    randomDouble: () => Math.random(),
    randomWithinRange: (from, to) => Math.floor(Math.random() * (to - from)) + from,
  },
};

// AppSync's own bounds of invalidations in one request.
const MOST_INVALIDATIONS = 5;

const onlyIn = (place, name) => {
  if (state.place !== place) throw new ErrorClass(`${name} holds in a ${place} handler alone`);
};

export const extensions = {
  setSubscriptionFilter: (filter) => {
    onlyIn('Subscription response', 'setSubscriptionFilter');
    state.filter = filter ?? null;
  },
  setSubscriptionInvalidationFilter: (filter) => {
    onlyIn('Subscription response', 'setSubscriptionInvalidationFilter');
    state.invalidationFilter = filter ?? null;
  },
  invalidateSubscriptions: ({ subscriptionField, payload }) => {
    onlyIn('Mutation response', 'invalidateSubscriptions');
    if (state.invalidations.length >= MOST_INVALIDATIONS) throw new ErrorClass('invalidateSubscriptions may be called 5 times');
    state.invalidations.push({ subscriptionField, payload });
  },
  // There is no cache in the box; what isn't cached is evicted.
  evictFromApiCache: (typeName, fieldName, keys) => {
    if (state.place.indexOf('Mutation ') !== 0) throw new ErrorClass('evictFromApiCache holds in mutations alone');
    return typeof typeName === 'string' && typeof fieldName === 'string' && keys !== undefined;
  },
};

export const runtime = {
  earlyReturn: (value, options) => {
    throw new Halt('early', { value: value ?? null, skipTo: (options && options.skipTo) || 'NEXT' });
  },
};
