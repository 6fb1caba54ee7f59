// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

import { dayOf } from '../lib/aggregate.js';
import { check } from '../lib/check.js';
import { requireOwner } from '../lib/owner.js';
import { writtenOr } from '../lib/result.js';

// Sets the given values; null sets a total to zero, since totals are never null. `reconcile` skips rows with `setByUser`.
export function request(ctx) {
  const input = ctx.args.input;
  const { userid, date } = input;
  requireOwner(ctx, userid);
  if (!date) util.error('There are no totals of this day.', 'NotFound');
  const sets = [];
  const values = { ':one': 1 };
  for (const name of ['caloriesConsumed', 'caloriesBurned']) {
    if (Object.hasOwn(input, name)) {
      const kcal = input[name] ?? 0;
      check(kcal >= 0, 'Totals must be 0 kcal or more.');
      sets.push(`${name} = :${name}`);
      values[`:${name}`] = kcal;
    }
  }
  if (sets.length) {
    sets.push('setByUser = :set');
    values[':set'] = true;
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ userid, date }),
    update: {
      expression: (sets.length ? 'SET ' + sets.join(', ') + ' ' : '') + 'ADD version :one, userWrites :one',
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition: { expression: 'attribute_exists(caloriesConsumed)' },
  };
}

export function response(ctx) {
  return dayOf(writtenOr(ctx, 'There are no totals of this day.', 'NotFound'));
}
