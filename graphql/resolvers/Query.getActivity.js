// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ id: ctx.args.id }), consistentRead: true };
}

// A stranger's entry reads like one that doesn't exist.
export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result && ctx.result.userid === ctx.identity.sub ? ctx.result : null;
}
