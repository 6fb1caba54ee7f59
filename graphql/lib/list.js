import { runtime, util } from '@aws-appsync/utils';

import { filterOf, operatorsOf, passes } from './filter.js';
import { ownerOf } from './owner.js';

const COMPARISONS = { eq: '=', le: '<=', lt: '<', ge: '>=', gt: '>' };

// The condition on the sort key that one of its operators makes. Empty values make none: no key is empty, and DynamoDB
// refuses to compare with an empty one.
const rangeOf = (operators) => {
  const name = ['eq', 'between', 'beginsWith', 'ge', 'gt', 'le', 'lt'].find((one) => (operators[one] ?? '')[0]);
  if (!name) return ['', {}];
  const value = operators[name];
  if (name === 'between') return [' AND #k BETWEEN :a AND :b', { ':a': value[0], ':b': value[1] }];
  if (name === 'beginsWith') return [' AND begins_with(#k, :a)', { ':a': value }];
  return [` AND #k ${COMPARISONS[name]} :a`, { ':a': value }];
};

// A Query of the caller's rows that pass the filter; `key` is the sort key. The response still has to apply the
// operators on the sort key (`passing`).
export const queryOwn = (ctx, key) => {
  const sub = ownerOf(ctx);
  const { filter, limit, nextToken } = ctx.args;
  const { userid, ...rest } = filter ?? {};
  if (!passes(sub, operatorsOf(userid))) runtime.earlyReturn({ items: [], nextToken: null });
  ctx.stash.operators = operatorsOf(rest[key]);
  delete rest[key];
  const [range, values] = rangeOf(ctx.stash.operators);
  return {
    operation: 'Query',
    query: {
      expression: 'userid = :u' + range,
      expressionNames: range ? { '#k': key } : undefined,
      expressionValues: util.dynamodb.toMapValues({ ':u': sub, ...values }),
    },
    filter: filterOf(rest),
    // AppSync's loops over a list end after 1,000 items, without an error.
    limit: Math.min(limit ?? 20, 1000),
    nextToken,
  };
};

// The rows whose sort key passes the filter.
export const passing = (items, ctx, key) => items.filter((item) => passes(item[key], ctx.stash.operators));
