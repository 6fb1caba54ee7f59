// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  const { from, to, limit, nextToken } = ctx.args;
  if (from > to) util.error('from must not be after to.', 'BadRequest');
  return {
    operation: 'Query',
    query: {
      expression: 'userid = :u AND #d BETWEEN :f AND :t',
      expressionNames: { '#d': 'date' },
      expressionValues: util.dynamodb.toMapValues({ ':u': ctx.identity.sub, ':f': from, ':t': to }),
    },
    consistentRead: true,
    // AppSync's loops over a list end after 1,000 items, without a word.
    limit: Math.min(limit ?? 20, 1000),
    nextToken,
  };
}

// A day that was deleted keeps its version alone, and reads like one never touched.
export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const { items, nextToken } = ctx.result;
  return { items: items.filter((day) => Object.hasOwn(day, 'caloriesConsumed')), nextToken };
}
