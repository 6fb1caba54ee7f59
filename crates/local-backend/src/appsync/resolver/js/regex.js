// Java's regular expressions, as far as JavaScript's can say the same.

import { host } from 'caltrack:engine';

const ErrorClass = Error;

// POSIX classes of `\p{…}`, for use inside brackets.
const POSIX = {
  Alnum: 'a-zA-Z0-9', Alpha: 'a-zA-Z', ASCII: '\\x00-\\x7F', Blank: ' \\t', Cntrl: '\\x00-\\x1F\\x7F', Digit: '0-9', Graph: '\\x21-\\x7E',
  Lower: 'a-z', Print: '\\x20-\\x7E', Punct: '!-\\/:-@\\[-`\\{-~', Space: ' \\t\\n\\x0B\\f\\r', Upper: 'A-Z', XDigit: '0-9a-fA-F',
};
const SYNTAX = '^$\\.*+?()[]{}|/';
const PLAIN_ESCAPES = 'bBdDsSwWnrtfv0123456789uxck';

const isLetter = (c) => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

// Inline flags, `(?is)`, at a place of the pattern; here they hold for all of it. Where it goes on after them, else nothing.
function inlineFlags(pattern, at, flags) {
  if (!pattern.startsWith('(?', at) || !isLetter(pattern.charAt(at + 2))) return null;
  let end = at + 2;
  while (isLetter(pattern.charAt(end))) end += 1;
  if (pattern.charAt(end) !== ')') return null;
  for (const flag of pattern.slice(at + 2, end).split('')) {
    if ('ism'.indexOf(flag) < 0) throw new ErrorClass(`the flag ${flag} is not supported`);
    if (flags.indexOf(flag) < 0) flags.push(flag);
  }
  return end + 1;
}

function escaped(pattern, at, inClass) {
  const c = pattern.charAt(at + 1);
  if (c === 'Q') {
    const end = pattern.indexOf('\\E', at);
    const literal = end < 0 ? pattern.slice(at + 2) : pattern.slice(at + 2, end);
    const quoted = literal.split('').map((one) => (SYNTAX.indexOf(one) >= 0 ? `\\${one}` : one)).join('');
    return [quoted, end < 0 ? pattern.length : end + 2];
  }
  if (c === 'A') return ['(?<![\\s\\S])', at + 2];
  if (c === 'z') return ['(?![\\s\\S])', at + 2];
  if (c === 'Z') return ['(?=\\n?(?![\\s\\S]))', at + 2];
  if (c === 'h') return [inClass ? ' \\t\\xA0' : '[ \\t\\xA0]', at + 2];
  if (c === 'p' || c === 'P') {
    const end = pattern.indexOf('}', at);
    const name = pattern.slice(at + 3, end).split('Is').join('');
    const posix = POSIX[name];
    if (!posix) return [`\\${c}{${name}}`, end + 1];
    if (inClass && c === 'P') throw new ErrorClass('a negated POSIX class in a class is not supported');
    if (inClass) return [posix, end + 1];
    return [c === 'p' ? `[${posix}]` : `[^${posix}]`, end + 1];
  }
  if (PLAIN_ESCAPES.indexOf(c) >= 0 || SYNTAX.indexOf(c) >= 0 || (inClass && c === '-')) return [`\\${c}`, at + 2];
  return [c, at + 2];
}

function translate(pattern, flags) {
  let source = '';
  let inClass = false;
  let at = 0;
  let quantified = false;
  while (at < pattern.length) {
    const c = pattern.charAt(at);
    if (c === '\\') {
      const [text, next] = escaped(pattern, at, inClass);
      source += text;
      quantified = false;
      at = next;
      continue;
    }
    const after = inClass ? null : inlineFlags(pattern, at, flags);
    if (after !== null) {
      at = after;
      continue;
    }
    if (inClass && (c === '[' || pattern.startsWith('&&', at))) throw new ErrorClass('classes in classes are not supported');
    // Possessive: JavaScript can only be greedy.
    const possessive = quantified && c === '+';
    quantified = !inClass && !possessive && '*+?}'.indexOf(c) >= 0;
    if (c === '[') inClass = true;
    if (c === ']') inClass = false;
    if (!possessive) source += c;
    at += 1;
  }
  return source;
}

// The expression with these flags besides its own.
export function javaRegex(pattern, flags) {
  const inline = [];
  const source = translate(pattern, inline);
  return host.regex(source, `u${inline.join('')}${flags}`);
}

// `$1`, `${name}` and `\$` in a replacement.
export function javaReplacement(text) {
  return (...found) => {
    const last = found[found.length - 1];
    const named = typeof last === 'object' ? last : {};
    let out = '';
    for (let at = 0; at < text.length; at += 1) {
      const c = text.charAt(at);
      if (c === '\\') {
        at += 1;
        out += text.charAt(at);
      } else if (c === '$' && text.charAt(at + 1) === '{') {
        const end = text.indexOf('}', at);
        out += named[text.slice(at + 2, end)] ?? '';
        at = end;
      } else if (c === '$') {
        at += 1;
        out += found[text.charAt(at) * 1] ?? '';
      } else {
        out += c;
      }
    }
    return out;
  };
}
