// datasource: UserTable
import { runtime, util } from '@aws-appsync/utils';

import { filterOf, operatorsOf, passes } from '../lib/filter.js';
import { ownerOf } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

// The caller's own row, if it passes the filter.
export function request(ctx) {
  const sub = ownerOf(ctx);
  const { filter, limit, nextToken } = ctx.args;
  const { id, ...rest } = filter ?? {};
  const others = filterOf(rest);
  if (!passes(sub, operatorsOf(id))) runtime.earlyReturn({ items: [], nextToken: null });
  return {
    operation: 'Query',
    query: { expression: 'id = :id', expressionValues: util.dynamodb.toMapValues({ ':id': sub }) },
    filter: others,
    limit: limit ?? 20,
    nextToken,
  };
}

export function response(ctx) {
  return resultOf(ctx);
}
