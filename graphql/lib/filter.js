import { util } from '@aws-appsync/utils';

import { check } from './check.js';

// Whether a key passes the operators of a filter: DynamoDB can't filter a Query by the keys of the table.
export const passes = (key, operators) =>
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

// The operators of one member of a filter, without nulls.
export const operatorsOf = (member) => {
  const given = {};
  for (const name of Object.keys(member ?? {})) if (member[name] !== null) given[name] = member[name];
  const between = given.between;
  check(
    !between || (between.length === 2 && between.indexOf(null) < 0 && between[0] <= between[1]),
    'between takes two values, the lower one first.',
  );
  return given;
};

// DynamoDB's filter expression of members that aren't keys.
export const filterOf = (members) => {
  const filter = {};
  for (const name of Object.keys(members)) {
    const operators = operatorsOf(members[name]);
    if (Object.keys(operators).length) filter[name] = operators;
  }
  return Object.keys(filter).length ? JSON.parse(util.transform.toDynamoDBFilterExpression(filter)) : undefined;
};
