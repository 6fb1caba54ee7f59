// datasource: UserAggregateTable
import { runtime, util } from '@aws-appsync/utils';

export function request(ctx) {
  const { userid, date } = ctx.args;
  if (userid !== ctx.identity.sub) util.unauthorized();
  if (!date) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ userid, date }), consistentRead: true };
}

// A day that was deleted keeps its version alone, and reads like one never touched.
export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result && Object.hasOwn(ctx.result, 'caloriesConsumed') ? ctx.result : null;
}
