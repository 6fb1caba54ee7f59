// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

import { resultOf } from '../lib/result.js';

export function request(ctx) {
  const { userid, date } = ctx.args.input;
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ userid, date }), consistentRead: true };
}

export function response(ctx) {
  const result = resultOf(ctx);
  if (!result || !(ctx.args.input.erase || Object.hasOwn(result, 'caloriesConsumed'))) util.error('There are no totals of this day.', 'NotFound');
  return result;
}
