// Translates Java's regular expressions to JavaScript's.
//
// A pattern without an exact equivalent is rejected: one that has another meaning on AWS is worse than an error. One
// difference is left: a back reference to a group that took no part in the match fails in Java and matches here.
//
// Source: Java SE API, `java.util.regex.Pattern`.

import { host } from 'caltrack:engine';

// Taken away from resolvers later.
const ErrorClass = Error;
const MapClass = Map;
const { codePointAt } = String.prototype;
const { fromCodePoint } = String;
const { apply } = Reflect;

const refuse = (what) => {
  throw new ErrorClass(`${what} in a regular expression`);
};

// POSIX classes of `\p{…}`, for use inside brackets.
const POSIX = {
  Alnum: 'a-zA-Z0-9', Alpha: 'a-zA-Z', ASCII: '\\x00-\\x7F', Blank: ' \\t', Cntrl: '\\x00-\\x1F\\x7F', Digit: '0-9', Graph: '\\x21-\\x7E',
  Lower: 'a-z', Print: '\\x20-\\x7E', Punct: '!-\\/:-@\\[-`\\{-~', Space: ' \\t\\n\\x0B\\f\\r', Upper: 'A-Z', XDigit: '0-9a-fA-F',
};
// Unicode's properties of `\p{Is…}` under JavaScript's names.
const BINARY = {
  Alphabetic: 'Alphabetic', Ideographic: 'Ideographic', Letter: 'L', Lowercase: 'Lowercase', Uppercase: 'Uppercase', Titlecase: 'Lt',
  Punctuation: 'P', Control: 'Cc', White_Space: 'White_Space', Digit: 'Nd', Hex_Digit: 'Hex_Digit', Join_Control: 'Join_Control',
  Noncharacter_Code_Point: 'Noncharacter_Code_Point', Assigned: 'Assigned',
};
// Under `(?i)` Java has its own mind about these.
const CASED = ['Lower', 'Upper', 'Lu', 'Ll', 'Lt', 'IsLu', 'IsLl', 'IsLt', 'IsLowercase', 'IsUppercase', 'IsTitlecase'];

// Classes as Java means them, for use inside brackets: JavaScript's `\s` has more, its `\v` is one character.
const CLASSES = {
  d: '0-9',
  w: 'a-zA-Z_0-9',
  s: ' \\t\\n\\x0B\\f\\r',
  h: ' \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  v: '\\n\\x0B\\f\\r\\x85\\u2028\\u2029',
};
// The same negated, where brackets hold more beside it.
const NEGATED = { D: '\\D', W: '\\W', S: '\\x00-\\x08\\x0E-\\x1F!-\\u{10FFFF}' };
const TERMINATORS = '\\n\\r\\x85\\u2028\\u2029';
const START = '(?<![\\s\\S])';
const END = '(?![\\s\\S])';
const NOT_INSIDE_CRLF = '(?<!\\r(?=\\n))';
// `$` and `\Z`: the end, or before a last line terminator.
const LAST = `(?=(?:\\r\\n|[${TERMINATORS}])?${END})${NOT_INSIDE_CRLF}`;
// `^` and `$` under `(?m)`.
const LINE_START = `(?:${START}|(?<=[\\n\\x85\\u2028\\u2029]|\\r(?!\\n))(?=[\\s\\S]))`;
const LINE_END = `(?=[${TERMINATORS}]|${END})${NOT_INSIDE_CRLF}`;
const CONTROLS = { t: 9, n: 10, f: 12, r: 13, a: 7, e: 27 };

const isLetter = (c) => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
const isDigit = (c) => c >= '0' && c <= '9';
const isOctal = (c) => c >= '0' && c <= '7';
const isHex = (c) => isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

// As many characters as are of a kind, but no more than that.
function run(pattern, at, kind, most) {
  let end = at;
  while (end - at < most && end < pattern.length && kind(pattern.charAt(end))) end += 1;
  return pattern.slice(at, end);
}

const code = (point) => {
  const hex = point.toString(16);
  return point > 0xffff ? `\\u{${hex}}` : `\\u${`000${hex}`.slice(-4)}`;
};

// One character, in brackets or not. Java's `(?i)` is about ASCII alone.
function single(point, flags, inClass) {
  const c = fromCodePoint(point);
  if (!isLetter(c)) return code(point);
  if (!flags.i) return c;
  return inClass ? c.toLowerCase() + c.toUpperCase() : `[${c.toLowerCase()}${c.toUpperCase()}]`;
}

function range(from, to, flags) {
  if (from > to) refuse('a range in the wrong order');
  let out = `${code(from)}-${code(to)}`;
  if (!flags.i) return out;
  for (const [first, shift] of [[65, 32], [97, -32]]) {
    const [low, high] = [Math.max(from, first), Math.min(to, first + 25)];
    if (low <= high) out += `${code(low + shift)}-${code(high + shift)}`;
  }
  return out;
}

// A character at a place, written out or escaped, and where it ends. Null where something else stands there.
function character(pattern, at) {
  if (pattern.charAt(at) !== '\\') {
    const point = apply(codePointAt, pattern, [at]);
    return [point, at + (point > 0xffff ? 2 : 1)];
  }
  const c = pattern.charAt(at + 1);
  if (Object.hasOwn(CONTROLS, c)) return [CONTROLS[c], at + 2];
  if (c === '0') {
    const digits = run(pattern, at + 2, isOctal, pattern.charAt(at + 2) <= '3' ? 3 : 2);
    if (!digits) refuse('\\0 without a number');
    return [Number(`0o${digits}`), at + 2 + digits.length];
  }
  if (c === 'x' && pattern.charAt(at + 2) === '{') {
    const digits = run(pattern, at + 3, isHex, 6);
    if (!digits || pattern.charAt(at + 3 + digits.length) !== '}') refuse('\\x without a number');
    return [Number(`0x${digits}`), at + 4 + digits.length];
  }
  if (c === 'x' || c === 'u') {
    const length = c === 'x' ? 2 : 4;
    const digits = run(pattern, at + 2, isHex, length);
    if (digits.length < length) refuse(`\\${c} without a number`);
    return [Number(`0x${digits}`), at + 2 + length];
  }
  if (c === '' || isLetter(c) || isDigit(c)) return null;
  const point = apply(codePointAt, pattern, [at + 1]);
  return [point, at + 1 + (point > 0xffff ? 2 : 1)];
}

// `\p{…}`, `\P{…}`, `\pL`.
function property(pattern, at, flags, inClass) {
  const negated = pattern.charAt(at + 1) === 'P';
  const braced = pattern.charAt(at + 2) === '{';
  const end = braced ? pattern.indexOf('}', at) : at + 3;
  if (end < 0) refuse('an open \\p{');
  const name = braced ? pattern.slice(at + 3, end) : pattern.charAt(at + 2);
  const next = braced ? end + 1 : end;
  if (flags.i && CASED.indexOf(name) >= 0) refuse(`\\p{${name}} under (?i)`);
  if (Object.hasOwn(POSIX, name)) {
    if (inClass && negated) refuse('a negated POSIX class in a class');
    if (inClass) return [POSIX[name], next];
    return [`[${negated ? '^' : ''}${POSIX[name]}]`, next];
  }
  const bare = name.startsWith('Is') ? name.slice(2) : name;
  let words = bare;
  if (bare.length > 2) {
    if (bare === name) refuse(`\\p{${name}}`);
    words = Object.hasOwn(BINARY, bare) ? BINARY[bare] : `Script=${bare}`;
  }
  return [`\\${negated ? 'P' : 'p'}{${words}}`, next];
}

function quoted(pattern, at, flags, inClass) {
  const close = pattern.indexOf('\\E', at);
  const end = close < 0 ? pattern.length : close;
  let [out, from] = ['', at];
  while (from < end) {
    const point = apply(codePointAt, pattern, [from]);
    out += single(point, flags, inClass);
    from += point > 0xffff ? 2 : 1;
  }
  return [out, close < 0 ? end : close + 2];
}

function bracketed(pattern, start, flags) {
  let at = start + 1;
  let out = '[';
  if (pattern.charAt(at) === '^') {
    out += '^';
    at += 1;
  }
  const first = at;
  while (pattern.charAt(at) !== ']' || at === first) {
    if (at >= pattern.length) refuse('an open class');
    const c = pattern.charAt(at);
    const escape = c === '\\' ? pattern.charAt(at + 1) : '';
    if (c === '[' || pattern.startsWith('&&', at)) refuse('a class in a class');
    let text;
    if (escape && Object.hasOwn(CLASSES, escape)) [text, at] = [CLASSES[escape], at + 2];
    else if (escape && Object.hasOwn(NEGATED, escape)) [text, at] = [NEGATED[escape], at + 2];
    else if (escape === 'p' || escape === 'P') [text, at] = property(pattern, at, flags, true);
    else if (escape === 'Q') [text, at] = quoted(pattern, at + 2, flags, true);
    else {
      const one = character(pattern, at);
      if (!one) refuse(`\\${escape} in a class`);
      at = one[1];
      text = single(one[0], flags, true);
      if (pattern.charAt(at) === '-' && pattern.charAt(at + 1) !== ']' && at + 1 < pattern.length) {
        const to = pattern.charAt(at + 1) === '[' ? null : character(pattern, at + 1);
        if (!to) refuse('a range without an end');
        at = to[1];
        text = range(one[0], to[0], flags);
      }
    }
    out += text;
  }
  return [`${out}]`, at + 1];
}

function escaped(pattern, at, flags) {
  const c = pattern.charAt(at + 1);
  if (Object.hasOwn(CLASSES, c)) return [`[${CLASSES[c]}]`, at + 2];
  if (isLetter(c) && Object.hasOwn(CLASSES, c.toLowerCase())) return [`[^${CLASSES[c.toLowerCase()]}]`, at + 2];
  if (c === 'Q') return quoted(pattern, at + 2, flags, false);
  if (c === 'A') return [START, at + 2];
  if (c === 'z') return [END, at + 2];
  if (c === 'Z') return [LAST, at + 2];
  if (c === 'R') return [`(?:\\r\\n|[${CLASSES.v}])`, at + 2];
  if (c === 'b' || c === 'B') return [`\\${c}`, at + 2];
  if (c === 'p' || c === 'P') return property(pattern, at, flags, false);
  if (c === 'k' || (isDigit(c) && c !== '0')) {
    if (flags.i) refuse('a back reference under (?i)');
    if (c !== 'k' && isDigit(pattern.charAt(at + 2))) refuse('a back reference beyond \\9');
    const next = c === 'k' ? pattern.indexOf('>', at) + 1 : at + 2;
    if (next === 0) refuse('\\k without a name');
    return [pattern.slice(at, next), next];
  }
  const one = character(pattern, at);
  if (!one) refuse(`\\${c}`);
  return [single(one[0], flags, false), one[1]];
}

// What an opening parenthesis opens: its text, where it ends, and the flags inside. Without a text it is flags for the rest around it.
function opened(pattern, at, flags) {
  if (pattern.charAt(at + 1) !== '?') return ['(', at + 1, flags];
  const kind = pattern.charAt(at + 2);
  if (kind === '<') {
    const looks = pattern.charAt(at + 3) === '=' || pattern.charAt(at + 3) === '!';
    const next = looks ? at + 4 : pattern.indexOf('>', at) + 1;
    if (next === 0) refuse('an open (?<');
    return [pattern.slice(at, next), next, flags];
  }
  if (kind === '=' || kind === '!') return [pattern.slice(at, at + 3), at + 3, flags];
  if (kind === '>') refuse('an atomic group');
  const changed = { ...flags };
  let [next, on] = [at + 2, true];
  while (pattern.charAt(next) !== ':' && pattern.charAt(next) !== ')') {
    const flag = pattern.charAt(next);
    if (flag === '-' && on) on = false;
    else if (Object.hasOwn(flags, flag)) changed[flag] = on;
    else refuse(`the flag ${flag}`);
    next += 1;
  }
  return [pattern.charAt(next) === ':' ? '(?:' : '', next + 1, changed];
}

// `*`, `+`, `?`, `{2,3}`, and whether they are lazy.
function quantified(pattern, at) {
  let end = at + 1;
  if (pattern.charAt(at) === '{') {
    end = pattern.indexOf('}', at) + 1;
    const counts = pattern.slice(at + 1, end - 1).split(',');
    const right = end > 0 && counts.length <= 2 && counts[0] !== '' && counts.every((count) => run(count, 0, isDigit, 10) === count);
    if (!right) refuse('a { that counts nothing');
  }
  if (pattern.charAt(end) === '+') refuse('a possessive quantifier');
  if (pattern.charAt(end) === '?') end += 1;
  return [pattern.slice(at, end), end];
}

function translate(pattern) {
  let flags = { i: false, s: false, m: false };
  // Those around each open group.
  const around = [];
  let [out, at] = ['', 0];
  while (at < pattern.length) {
    const c = pattern.charAt(at);
    let text;
    if (c === '(') {
      const [group, next, inside] = opened(pattern, at, flags);
      if (group) around.push(flags);
      [text, at, flags] = [group, next, inside];
    } else if (c === ')') {
      if (!around.length) refuse('a ) too many');
      [text, at, flags] = [c, at + 1, around.pop()];
    } else if (c === '\\') [text, at] = escaped(pattern, at, flags);
    else if (c === '[') [text, at] = bracketed(pattern, at, flags);
    else if (c === '|') [text, at] = [c, at + 1];
    else if (c === '*' || c === '+' || c === '?' || c === '{') [text, at] = quantified(pattern, at);
    else if (c === '^') [text, at] = [flags.m ? LINE_START : START, at + 1];
    else if (c === '$') [text, at] = [flags.m ? LINE_END : LAST, at + 1];
    else if (c === '.') [text, at] = [flags.s ? '[\\s\\S]' : `[^${TERMINATORS}]`, at + 1];
    else {
      const [point, next] = character(pattern, at);
      [text, at] = [single(point, flags, false), next];
    }
    out += text;
  }
  return out;
}

// Those of a resolver's code come again with each call: a hundred times what a match costs. None keeps a state between matches.
const MOST_KEPT = 200;
const LONGEST_KEPT = 1000;
const kept = new MapClass();

// The expression, with JavaScript's flags besides its own.
export function javaRegex(pattern, flags) {
  const name = `${flags}/${pattern}`;
  if (kept.has(name)) return kept.get(name);
  const regex = host.regex(translate(pattern), `u${flags}`);
  if (name.length <= LONGEST_KEPT) {
    if (kept.size === MOST_KEPT) kept.clear();
    kept.set(name, regex);
  }
  return regex;
}

// `$1`, `${name}` and `\$` in a replacement.
export function javaReplacement(text) {
  return (...found) => {
    const last = found[found.length - 1];
    const named = typeof last === 'object' ? last : {};
    // The whole match, the groups; then the place and the text.
    const groups = found.length - (typeof last === 'object' ? 3 : 2);
    let out = '';
    for (let at = 0; at < text.length; at += 1) {
      const c = text.charAt(at);
      if (c === '\\') {
        at += 1;
        if (at === text.length) refuse('a \\ at the end of a replacement');
        out += text.charAt(at);
      } else if (c === '$' && text.charAt(at + 1) === '{') {
        const end = text.indexOf('}', at);
        const name = text.slice(at + 2, end);
        if (end < 0 || !Object.hasOwn(named, name)) refuse(`no group ${name}`);
        out += named[name] ?? '';
        at = end;
      } else if (c === '$') {
        at += 1;
        if (!isDigit(text.charAt(at)) || text.charAt(at) * 1 >= groups) refuse('a $ without a group');
        let group = text.charAt(at) * 1;
        // As many digits as still name a group.
        while (isDigit(text.charAt(at + 1)) && group * 10 + text.charAt(at + 1) * 1 < groups) {
          at += 1;
          group = group * 10 + text.charAt(at) * 1;
        }
        out += found[group] ?? '';
      } else {
        out += c;
      }
    }
    return out;
  };
}
