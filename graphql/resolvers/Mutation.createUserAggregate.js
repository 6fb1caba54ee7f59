// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

import { dayOf } from '../lib/aggregate.js';
import { check } from '../lib/check.js';
import { checkDay } from '../lib/day.js';
import { requireOwner } from '../lib/owner.js';
import { writtenOr } from '../lib/result.js';

// An update, so that the version continues if the day was deleted before. `reconcile` skips rows with `setByUser`.
export function request(ctx) {
  const { userid, date, caloriesConsumed, caloriesBurned } = ctx.args.input;
  requireOwner(ctx, userid);
  checkDay(date);
  const [consumed, burned] = [caloriesConsumed ?? 0, caloriesBurned ?? 0];
  check(consumed >= 0 && burned >= 0, 'Totals must be 0 kcal or more.');
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ userid, date }),
    update: {
      expression: 'SET caloriesConsumed = :c, caloriesBurned = :b, setByUser = :set ADD version :one, userWrites :one',
      expressionValues: util.dynamodb.toMapValues({ ':c': consumed, ':b': burned, ':set': true, ':one': 1 }),
    },
    condition: { expression: 'attribute_not_exists(caloriesConsumed)' },
  };
}

export function response(ctx) {
  return dayOf(writtenOr(ctx, 'This day has totals already; update them.', 'Conflict'));
}
