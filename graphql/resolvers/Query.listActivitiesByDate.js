// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

import { check } from '../lib/check.js';
import { ownerOf } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

// The caller's entries of a day, or of the days `from` to `to`.
export function request(ctx) {
  const owner = ownerOf(ctx);
  const { date, from, to, limit, nextToken } = ctx.args;
  check(date ? !from && !to : from && to, 'Give either date, or both from and to.');
  check(!(from > to), 'from must not be after to.');
  return {
    operation: 'Query',
    index: 'userid-date-index',
    query: {
      expression: 'userid = :u AND #d BETWEEN :f AND :t',
      expressionNames: { '#d': 'date' },
      expressionValues: util.dynamodb.toMapValues({ ':u': owner, ':f': date || from, ':t': date || to }),
    },
    limit: limit ?? 20,
    nextToken,
  };
}

export function response(ctx) {
  return resultOf(ctx);
}
