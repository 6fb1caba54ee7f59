// datasource: ActivityCategoryTable
import { util } from '@aws-appsync/utils';

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

// A handful of rows for everybody: the one table that is scanned.
export function request(ctx) {
  const { filter, limit, nextToken } = ctx.args;
  return { operation: 'Scan', filter: filterOf(filter ?? {}), limit: limit ?? 20, nextToken };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
