// datasource: UserAggregateTable
import { runtime, util } from '@aws-appsync/utils';

// Whether a key passes the operators given. A Query's filter can't look at its own keys.
const holds = (key, operators) =>
  Object.keys(operators).every((name) => {
    const value = operators[name];
    if (name === 'eq') return key === value;
    if (name === 'ne') return key !== value;
    if (name === 'lt') return key < value;
    if (name === 'le') return key <= value;
    if (name === 'gt') return key > value;
    if (name === 'ge') return key >= value;
    if (name === 'between') return key >= value[0] && key <= value[1];
    if (name === 'beginsWith') return key.startsWith(value);
    return key.indexOf(value) >= 0 === (name === 'contains');
  });

// What is asked of a member, without nulls.
const asked = (operators) => {
  const given = {};
  for (const name of Object.keys(operators ?? {})) if (operators[name] !== null) given[name] = operators[name];
  const between = given.between;
  if (between && (between.length !== 2 || between.indexOf(null) >= 0 || between[0] > between[1])) {
    util.error('between takes two values, the lower one first.', 'BadRequest');
  }
  return given;
};

// The members that aren't keys, as a filter expression.
const filterOf = (members) => {
  const filter = {};
  for (const name of Object.keys(members)) {
    const operators = asked(members[name]);
    if (Object.keys(operators).length) filter[name] = operators;
  }
  return Object.keys(filter).length ? JSON.parse(util.transform.toDynamoDBFilterExpression(filter)) : undefined;
};

const RANGES = { eq: '=', le: '<=', lt: '<', ge: '>=', gt: '>' };

// The part of a key condition that one operator on the sort key makes. No key is empty, and DynamoDB refuses to look for one.
const rangeOf = (operators) => {
  const name = ['eq', 'between', 'beginsWith', 'ge', 'gt', 'le', 'lt'].find((one) => (operators[one] ?? '')[0]);
  if (!name) return ['', {}];
  const value = operators[name];
  if (name === 'between') return [' AND #k BETWEEN :a AND :b', { ':a': value[0], ':b': value[1] }];
  if (name === 'beginsWith') return [' AND begins_with(#k, :a)', { ':a': value }];
  return [` AND #k ${RANGES[name]} :a`, { ':a': value }];
};

// The caller's days, ascending. A day that was deleted keeps its version alone, and isn't shown.
export function request(ctx) {
  const { filter, limit, nextToken } = ctx.args;
  const { userid, date, ...rest } = filter ?? {};
  const sub = ctx.identity.sub;
  if (!holds(sub, asked(userid))) runtime.earlyReturn({ items: [], nextToken: null });
  ctx.stash.keys = asked(date);
  const [range, values] = rangeOf(ctx.stash.keys);
  return {
    operation: 'Query',
    query: {
      expression: 'userid = :u' + range,
      expressionNames: range ? { '#k': 'date' } : undefined,
      expressionValues: util.dynamodb.toMapValues({ ':u': sub, ...values }),
    },
    filter: filterOf(rest),
    consistentRead: true,
    // AppSync's loops over a list end after 1,000 items, without a word.
    limit: Math.min(limit ?? 20, 1000),
    nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const { items, nextToken } = ctx.result;
  return { items: items.filter((item) => Object.hasOwn(item, 'caloriesConsumed') && holds(item.date, ctx.stash.keys)), nextToken };
}
