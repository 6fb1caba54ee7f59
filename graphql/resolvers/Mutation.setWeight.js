// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

import { dayOf } from '../lib/aggregate.js';
import { check } from '../lib/check.js';
import { checkDay } from '../lib/day.js';
import { ownerOf } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

// A day without a row gets one with totals of zero: totals are never null.
export function request(ctx) {
  const userid = ownerOf(ctx);
  const { date, weight } = ctx.args;
  checkDay(date);
  const given = weight ?? null;
  check(given === null || (given > 0 && given <= 1000), 'weight must be more than 0 and at most 1000 kg.');
  const values = { ':zero': 0, ':one': 1 };
  if (given !== null) values[':w'] = given;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ userid, date }),
    update: {
      expression: (given === null ? 'REMOVE #w' : 'SET #w = :w') + ' ADD caloriesConsumed :zero, caloriesBurned :zero, version :one, userWrites :one',
      expressionNames: { '#w': 'weight' },
      expressionValues: util.dynamodb.toMapValues(values),
    },
  };
}

export function response(ctx) {
  return dayOf(resultOf(ctx));
}
