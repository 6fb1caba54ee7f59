// `util.transform`: filters written as objects, as DynamoDB expressions, subscription filters or OpenSearch queries.

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

const product = (left, right) => left.flatMap((a) => right.map((b) => [...a, ...b]));

// Alternatives, each of rules that must all hold; empty if the filter has only ignored fields.
const alternatives = (node, ignored) => {
  const asked = Object.keys(node).filter((name) => ignored.indexOf(name) < 0);
  const parts = asked.flatMap((name) => {
    if (name === 'and') return node.and.map((one) => alternatives(one, ignored));
    if (name === 'or' && !node.or.length) throw new ErrorClass('or takes one alternative or more');
    if (name === 'or') return [node.or.flatMap((one) => alternatives(one, ignored))];
    // Operators beside each other on one field are alternatives, unlike in DynamoDB's filters.
    return [Object.keys(node[name]).map((operator) => [{ fieldName: name, operator, value: node[name][operator] }])];
  });
  const said = parts.filter((part) => part.length);
  return said.length ? said.reduce(product) : [];
};

// Groups of filters: ANDed inside a group, ORed between them. Of the rules at least one must hold as well.
export function toSubscriptionFilter(filter, ignored, rules) {
  const wanted = alternatives(filter ?? {}, ignored ?? []);
  const strict = Object.keys(rules ?? {}).flatMap((name) => alternatives({ [name]: rules[name] }, []));
  const groups = [wanted, strict].filter((part) => part.length).reduce(product, [[]]);
  return { filterGroup: groups.map((filters) => ({ filters })) };
}

const combined = (kind, queries) => (queries.length === 1 ? queries[0] : { bool: { [kind]: queries } });
const BOUNDS = ['gt', 'gte', 'lt', 'lte'];
const MATCHES = { match: 'match', matchPhrase: 'match_phrase', matchPhrasePrefix: 'match_phrase_prefix', wildcard: 'wildcard', regexp: 'regexp' };

function query(name, operator, value) {
  if (operator === 'eq') return { term: { [name]: value } };
  if (operator === 'ne') return { bool: { must_not: { term: { [name]: value } } } };
  if (operator === 'range') return { range: { [name]: { gte: value[0], lte: value[1] } } };
  if (operator === 'exists') return value ? { exists: { field: name } } : { bool: { must_not: { exists: { field: name } } } };
  if (BOUNDS.indexOf(operator) >= 0) return { range: { [name]: { [operator]: value } } };
  if (Object.hasOwn(MATCHES, operator)) return { [MATCHES[operator]]: { [name]: value } };
  throw new ErrorClass(`unknown operator ${operator}`);
}

const queries = (node) =>
  Object.keys(node).map((name) => {
    if (name === 'and') return combined('must', node.and.flatMap(queries));
    if (name === 'or' && !node.or.length) throw new ErrorClass('or takes one alternative or more');
    if (name === 'or') return combined('should', node.or.map((one) => combined('must', queries(one))));
    if (name === 'not') return { bool: { must_not: combined('must', queries(node.not)) } };
    return combined('must', Object.keys(node[name]).map((operator) => query(name, operator, node[name][operator])));
  });

// OpenSearch's query as a text. No data source of ours takes it.
export const toElasticsearchQueryDSL = (filter) => host.stringify(combined('must', queries(filter)));
