// `util.transform`: filters written as objects, as DynamoDB expressions or as subscription filters.

import { host } from 'caltrack:engine';
import { toDynamoDB } from 'caltrack:typed';

// Taken away from resolvers later.
const ErrorClass = Error;

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };

const comparison = (operator) => {
  if (!Object.hasOwn(COMPARISONS, operator)) throw new ErrorClass(`unknown operator ${operator}`);
  return COMPARISONS[operator];
};

// Collects an expression with names and values that can't collide.
function expression(filter) {
  const names = {};
  const values = {};
  const bind = (name, operator, value) => {
    const base = `:${name.split('.').join('_')}_${operator}`;
    let placeholder = base;
    for (let n = 1; Object.hasOwn(values, placeholder); n += 1) placeholder = `${base}_${n}`;
    values[placeholder] = toDynamoDB(value);
    return placeholder;
  };
  const condition = (name, operator, value) => {
    const path = `#${name}`;
    names[path] = name;
    switch (operator) {
      case 'between':
        return `(${path} BETWEEN ${bind(name, 'from', value[0])} AND ${bind(name, 'to', value[1])})`;
      case 'beginsWith':
        return `(begins_with(${path}, ${bind(name, operator, value)}))`;
      case 'contains':
        return `(contains(${path}, ${bind(name, operator, value)}))`;
      case 'notContains':
        return `(NOT contains(${path}, ${bind(name, operator, value)}))`;
      case 'attributeExists':
        return value ? `(attribute_exists(${path}))` : `(attribute_not_exists(${path}))`;
      case 'attributeType':
        return `(attribute_type(${path}, ${bind(name, operator, value)}))`;
      case 'size':
        return Object.keys(value)
          .map((how) =>
            how === 'between'
              ? `(size(${path}) BETWEEN ${bind(name, 'size_from', value[how][0])} AND ${bind(name, 'size_to', value[how][1])})`
              : `(size(${path}) ${comparison(how)} ${bind(name, `size_${how}`, value[how])})`,
          )
          .join(' AND ');
      case 'in':
        return `(${path} IN (${value.map((one) => bind(name, operator, one)).join(', ')}))`;
      default:
        return `(${path} ${comparison(operator)} ${bind(name, operator, value)})`;
    }
  };
  const walk = (node) =>
    Object.keys(node)
      .flatMap((name) => {
        if (name === 'and' || name === 'or') return [`(${node[name].map(walk).join(name === 'and' ? ' AND ' : ' OR ')})`];
        if (name === 'not') return [`(NOT ${walk(node[name])})`];
        return Object.keys(node[name]).map((operator) => condition(name, operator, node[name][operator]));
      })
      .join(' AND ');
  return { expression: walk(filter), expressionNames: names, expressionValues: values };
}

export const conditionOf = expression;
export const toDynamoDBFilterExpression = (filter) => host.stringify(expression(filter));
export const toDynamoDBConditionExpression = (filter) => host.stringify(expression(filter));

// Groups of filters: ANDed inside a group, ORed between them.
export function toSubscriptionFilter(filter, ignored) {
  const groups = (node) => {
    let all = [[]];
    for (const name of Object.keys(node)) {
      let alternatives;
      if (name === 'or') {
        alternatives = node.or.flatMap(groups);
      } else if (name === 'and') {
        alternatives = node.and.map(groups).reduce(product, [[]]);
      } else if (ignored && ignored.indexOf(name) >= 0) {
        continue;
      } else {
        alternatives = [Object.keys(node[name]).map((operator) => ({ fieldName: name, operator, value: node[name][operator] }))];
      }
      all = product(all, alternatives);
    }
    return all;
  };
  return { filterGroup: groups(filter).map((filters) => ({ filters })) };
}

function product(left, right) {
  return left.flatMap((a) => right.map((b) => [...a, ...b]));
}
