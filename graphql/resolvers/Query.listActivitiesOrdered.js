// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

import { requireOwner } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

// Newest first.
export function request(ctx) {
  const { userid, limit, nextToken } = ctx.args;
  requireOwner(ctx, userid);
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
  return resultOf(ctx);
}
