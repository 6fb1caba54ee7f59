// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

import { writtenOr } from '../lib/result.js';

// The version stays and is incremented, so that clients accept this as newer. `reconcile` skips rows with `setByUser`.
export function request(ctx) {
  const { userid, date } = ctx.args.input;
  ctx.stash.day = ctx.prev.result;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ userid, date }),
    update: {
      expression: 'SET setByUser = :set REMOVE caloriesConsumed, caloriesBurned, #w ADD version :one, userWrites :one',
      expressionNames: { '#w': 'weight' },
      expressionValues: util.dynamodb.toMapValues({ ':set': true, ':one': 1 }),
    },
    condition: { expression: 'attribute_exists(caloriesConsumed)' },
  };
}

export function response(ctx) {
  const { version } = writtenOr(ctx, 'There are no totals of this day.', 'NotFound');
  return { ...ctx.stash.day, version };
}
