// datasource: ActivityCategoryTable
import { util } from '@aws-appsync/utils';

// A handful of rows for everybody: the one table that is scanned.
export function request(ctx) {
  const { limit, nextToken } = ctx.args;
  return { operation: 'Scan', limit: limit ?? 20, nextToken };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
