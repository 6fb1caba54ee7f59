// datasource: UserTable
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

// The caller's own row, where it passes the filter.
export function request(ctx) {
  const { filter, limit, nextToken } = ctx.args;
  const { id, ...rest } = filter ?? {};
  const sub = ctx.identity.sub;
  const others = filterOf(rest);
  if (!holds(sub, asked(id))) runtime.earlyReturn({ items: [], nextToken: null });
  return {
    operation: 'Query',
    query: { expression: 'id = :id', expressionValues: util.dynamodb.toMapValues({ ':id': sub }) },
    filter: others,
    limit: limit ?? 20,
    nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
