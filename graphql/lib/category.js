import { check } from './check.js';
import { matches } from './text.js';

export const checkTypes = (types) => {
  const wrong = (types ?? []).some((one) => one === null || !matches('(?s).{1,100}', one));
  check(!wrong && (types ?? []).length <= 100, 'type takes at most 100 names of 1 to 100 characters.');
};
