// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

import { dayOf } from '../lib/aggregate.js';
import { check } from '../lib/check.js';
import { ownerOf } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

export function request(ctx) {
  const owner = ownerOf(ctx);
  const { from, to, limit, nextToken } = ctx.args;
  check(from <= to, 'from must not be after to.');
  return {
    operation: 'Query',
    query: {
      expression: 'userid = :u AND #d BETWEEN :f AND :t',
      expressionNames: { '#d': 'date' },
      expressionValues: util.dynamodb.toMapValues({ ':u': owner, ':f': from, ':t': to }),
    },
    consistentRead: true,
    // AppSync's loops over a list end after 1,000 items, without an error.
    limit: Math.min(limit ?? 20, 1000),
    nextToken,
  };
}

// A deleted day keeps its version only, and looks like one that was never written unless the caller wants to erase it.
export function response(ctx) {
  const { items, nextToken } = resultOf(ctx);
  return { items: items.filter((day) => ctx.args.deleted || Object.hasOwn(day, 'caloriesConsumed')).map(dayOf), nextToken };
}
