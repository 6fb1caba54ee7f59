import { check } from './check.js';
import { isDay } from './day.js';
import { matches } from './text.js';

export const checkKcal = (kcal) => check(kcal >= 0 && kcal <= 99999, 'caloriesConsumed must be 0 to 99999 kcal.');

export const checkDetails = (entry) => {
  check(matches('(?s).{0,200}', entry.name ?? ''), 'name may have 200 characters.');
  check(matches('(?s).{0,2000}', entry.note ?? ''), 'note may have 2000 characters.');
  check((entry.quantity ?? 1) > 0, 'quantity must be more than 0.');
};

// A moment in UTC, with milliseconds: texts of equal length sort by time.
export const momentOf = (text) => {
  const isMoment = matches('.{10}T([01]\\d|2[0-3])(:[0-5]\\d){2}(\\.\\d{3})?Z', text) && isDay(text.slice(0, 10));
  check(isMoment, 'creationDateTime must be UTC, like 2026-11-23T07:30:00.000Z.');
  return text.length === 20 ? text.slice(0, 19) + '.000Z' : text;
};
