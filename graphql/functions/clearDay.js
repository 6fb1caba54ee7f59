// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

import { writtenOr } from '../lib/result.js';

// The version stays and is incremented, so that clients accept this as newer. `reconcile` skips rows with `setByUser`.
// Erasing removes the row, if all its entries were booked as deleted: what is booked afterwards makes another row.
export function request(ctx) {
  const { userid, date, erase } = ctx.args.input;
  ctx.stash.day = ctx.prev.result;
  const key = util.dynamodb.toMapValues({ userid, date });
  if (erase) {
    return {
      operation: 'DeleteItem',
      key,
      condition: {
        expression: 'attribute_not_exists(entries) OR entries = :zero',
        expressionValues: util.dynamodb.toMapValues({ ':zero': 0 }),
      },
    };
  }
  return {
    operation: 'UpdateItem',
    key,
    update: {
      expression: 'SET setByUser = :set REMOVE caloriesConsumed, caloriesBurned, #w ADD version :one, userWrites :one',
      expressionNames: { '#w': 'weight' },
      expressionValues: util.dynamodb.toMapValues({ ':set': true, ':one': 1 }),
    },
    condition: { expression: 'attribute_exists(caloriesConsumed)' },
  };
}

export function response(ctx) {
  const row = ctx.args.input.erase
    ? writtenOr(ctx, 'This day has entries; delete them first.', 'Conflict')
    : writtenOr(ctx, 'There are no totals of this day.', 'NotFound');
  return { ...ctx.stash.day, version: row?.version };
}
