// APPSYNC_JS has what is listed here and nothing else: what works in the box must deploy.
//
// Source: AppSync guide, "JavaScript runtime features for resolvers and functions".

import { host } from 'caltrack:engine';
import { javaRegex, javaReplacement } from 'caltrack:regex';
import { extensions, runtime, util } from '@aws-appsync/utils';

const GLOBALS = ['Array', 'Infinity', 'JSON', 'Math', 'NaN', 'Number', 'Object', 'String', 'undefined', 'globalThis'];

// Coercion needs the last two everywhere; the guide doesn't count them.
const EVERYWHERE = ['toString', 'valueOf'];

const MEMBERS = [
  [Object, ['assign', 'entries', 'hasOwn', 'keys', 'values']],
  [Object.prototype, []],
  [Function.prototype, []],
  [Boolean.prototype, []],
  [Number, ['isFinite', 'isNaN']],
  [Number.prototype, []],
  [Math, ['ceil', 'floor', 'max', 'min', 'random', 'round']],
  [JSON, ['parse', 'stringify']],
  [String, ['raw']],
  [
    String.prototype,
    [
      'charAt', 'concat', 'endsWith', 'indexOf', 'lastIndexOf', 'length', 'replace', 'replaceAll', 'slice', 'split', 'startsWith',
      'toLowerCase', 'toUpperCase', 'trim', 'trimEnd', 'trimStart',
    ],
  ],
  [Array, []],
  [
    Array.prototype,
    [
      'concat', 'every', 'fill', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flat', 'flatMap', 'forEach', 'indexOf',
      'join', 'lastIndexOf', 'length', 'map', 'pop', 'push', 'reduce', 'reduceRight', 'reverse', 'shift', 'slice', 'some', 'sort',
      'splice', 'unshift',
    ],
  ],
];

const { freeze, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf, values } = Object;
const ErrorClass = Error;
const { apply } = Reflect;
const { parse } = JSON;
const { replace: nativeReplace } = String.prototype;
const { sort: nativeSort } = Array.prototype;

function keepOnly(object, kept) {
  for (const name of getOwnPropertyNames(object)) {
    const fixed = !getOwnPropertyDescriptor(object, name).configurable;
    if (!fixed && kept.indexOf(name) < 0 && EVERYWHERE.indexOf(name) < 0) delete object[name];
  }
}

function replacing(flags) {
  return function (pattern, replacement) {
    if (typeof replacement === 'function') throw new ErrorClass('a replacement is a text');
    return apply(nativeReplace, this, [javaRegex(String(pattern), flags), javaReplacement(String(replacement))]);
  };
}

const deepFreeze = (value) => {
  if (value !== null && typeof value === 'object') {
    for (const member of values(value)) deepFreeze(member);
  }
  return freeze(value);
};

export function seal() {
  // Generators and asynchronous functions lead to constructors that evaluate text.
  const makers = [async () => undefined, function* () {}, async function* () {}];
  for (const maker of makers) keepOnly(getPrototypeOf(maker), []);
  String.prototype.replace = replacing('');
  String.prototype.replaceAll = replacing('g');
  Array.prototype.sort = function (comparator) {
    if (comparator !== undefined) throw new ErrorClass('sort takes no comparator');
    return apply(nativeSort, this, []);
  };
  // Invalid JSON is parsed to an empty string: APPSYNC_JS can't catch exceptions.
  JSON.parse = (text) => {
    try {
      return parse(text);
    } catch {
      return '';
    }
  };
  for (const [object, kept] of MEMBERS) keepOnly(object, kept);
  keepOnly(globalThis, GLOBALS);
  globalThis.console = { log: (...said) => host.log('info', host.stringify(said)), error: (...said) => host.log('error', host.stringify(said)) };
  globalThis.util = deepFreeze(util);
  globalThis.extensions = deepFreeze(extensions);
  globalThis.runtime = deepFreeze(runtime);
  // What one resolver did to them would reach every caller after it.
  for (const [object] of MEMBERS) freeze(object);
  freeze(globalThis.console);
  freeze(globalThis);
}
