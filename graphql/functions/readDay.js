// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  const { userid, date } = ctx.args.input;
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ userid, date }), consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  if (!ctx.result || !Object.hasOwn(ctx.result, 'caloriesConsumed')) util.error('There are no totals of this day.', 'NotFound');
  return ctx.result;
}
