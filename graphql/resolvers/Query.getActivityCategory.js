// datasource: ActivityCategoryTable
import { runtime, util } from '@aws-appsync/utils';

export function request(ctx) {
  if (!ctx.args.category) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ category: ctx.args.category }) };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
