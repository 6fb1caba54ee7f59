import { util } from '@aws-appsync/utils';

import { check } from './check.js';
import { isDay } from './day.js';
import { ownerOf } from './owner.js';
import { matches } from './text.js';

export const checkKcal = (kcal) => check(kcal >= 0 && kcal <= 99999, 'caloriesConsumed must be 0 to 99999 kcal.');

export const checkDetails = (entry) => {
  check(matches('(?s).{0,200}', entry.name ?? ''), 'name may have 200 characters.');
  check(matches('(?s).{0,2000}', entry.note ?? ''), 'note may have 2000 characters.');
  check((entry.quantity ?? 1) > 0, 'quantity must be more than 0.');
  check(matches('(?s).{0,40}', entry.unit ?? ''), 'unit may have 40 characters.');
  check(matches('(?s).{0,80}', entry.food ?? ''), 'food may have 80 characters.');
  for (const name of ['protein', 'fat', 'carbohydrate']) {
    const grams = entry[name] ?? 0;
    const isExact = Math.round(grams * 10) / 10 === grams;
    check(isExact && grams >= 0 && grams <= 9999, name + ' must be 0 to 9999 g, with at most one decimal.');
  }
};

// The condition that an entry is the caller's, and still has the expected revision where there is one.
export const isOwn = (ctx) => {
  const { expectedRev } = ctx.args.input;
  const values = { ':sub': ownerOf(ctx) };
  let expression = 'userid = :sub';
  if (expectedRev) {
    values[':rev'] = expectedRev;
    expression += expectedRev === 1 ? ' AND (rev = :rev OR attribute_not_exists(rev))' : ' AND rev = :rev';
  }
  return { expression, expressionValues: util.dynamodb.toMapValues(values) };
};

// A moment in UTC, with milliseconds: texts of equal length sort by time.
export const momentOf = (text) => {
  const isMoment = matches('.{10}T([01]\\d|2[0-3])(:[0-5]\\d){2}(\\.\\d{3})?Z', text) && isDay(text.slice(0, 10));
  check(isMoment, 'creationDateTime must be UTC, like 2026-11-23T07:30:00.000Z.');
  return text.length === 20 ? text.slice(0, 19) + '.000Z' : text;
};
