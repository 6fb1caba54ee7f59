// datasource: ActivityTable
import { runtime, util } from '@aws-appsync/utils';

export function request(ctx) {
  if (!ctx.args.id) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ id: ctx.args.id }), consistentRead: true };
}

// A stranger's entry reads like one that doesn't exist.
export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result && ctx.result.userid === ctx.identity.sub ? ctx.result : null;
}
