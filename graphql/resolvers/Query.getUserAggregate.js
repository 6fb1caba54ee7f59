// datasource: UserAggregateTable
import { runtime, util } from '@aws-appsync/utils';

import { dayOf } from '../lib/aggregate.js';
import { requireOwner } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

export function request(ctx) {
  const { userid, date } = ctx.args;
  requireOwner(ctx, userid);
  if (!date) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ userid, date }), consistentRead: true };
}

// A deleted day keeps its version only, and looks like one that was never written.
export function response(ctx) {
  const result = resultOf(ctx);
  return result && Object.hasOwn(result, 'caloriesConsumed') ? dayOf(result) : null;
}
