// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

// The caller's entries of a day, or of the days `from` to `to`.
export function request(ctx) {
  const { date, from, to, limit, nextToken } = ctx.args;
  if (date ? from || to : !(from && to)) util.error('Give either date, or both from and to.', 'BadRequest');
  if (from > to) util.error('from must not be after to.', 'BadRequest');
  return {
    operation: 'Query',
    index: 'userid-date-index',
    query: {
      expression: 'userid = :u AND #d BETWEEN :f AND :t',
      expressionNames: { '#d': 'date' },
      expressionValues: util.dynamodb.toMapValues({ ':u': ctx.identity.sub, ':f': date || from, ':t': date || to }),
    },
    limit: limit ?? 20,
    nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
