// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

// Newest first.
export function request(ctx) {
  const { userid, limit, nextToken } = ctx.args;
  if (userid !== ctx.identity.sub) util.unauthorized();
  return {
    operation: 'Query',
    index: 'userid-creationDateTime-index',
    query: { expression: 'userid = :u', expressionValues: util.dynamodb.toMapValues({ ':u': userid }) },
    scanIndexForward: false,
    limit: limit ?? 20,
    nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
