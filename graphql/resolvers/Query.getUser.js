// datasource: UserTable
import { runtime, util } from '@aws-appsync/utils';

// A stranger's row reads like one that doesn't exist.
export function request(ctx) {
  const id = ctx.args.id;
  if (id !== ctx.identity.sub) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ id }), consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
