// `@aws-appsync/utils/dynamodb`: request objects from plain values.

import { conditionOf } from 'caltrack:transform';
import { toDynamoDB, toMapValues } from 'caltrack:typed';

// Taken away from resolvers later.
const { fromEntries } = Object;

const rename = ({ expression, expressionNames, expressionValues }) => ({ expression, expressionNames, expressionValues });
const condition = (object) => (object ? rename(conditionOf(object)) : undefined);
const projection = (names) =>
  names && { expression: names.map((name) => `#${name}`).join(', '), expressionNames: fromEntries(names.map((name) => [`#${name}`, name])) };

export const get = ({ key, consistentRead, projection: names }) => ({
  operation: 'GetItem',
  key: toMapValues(key),
  consistentRead,
  projection: projection(names),
});

export const put = ({ key, item, condition: object }) => ({
  operation: 'PutItem',
  key: toMapValues(key),
  attributeValues: toMapValues(item),
  condition: condition(object),
});

export const remove = ({ key, condition: object }) => ({ operation: 'DeleteItem', key: toMapValues(key), condition: condition(object) });

export const query = ({ query: keys, filter, projection: names, ...rest }) => ({
  operation: 'Query',
  query: rename(conditionOf(keys)),
  filter: condition(filter),
  projection: projection(names),
  ...rest,
});

export const scan = ({ filter, projection: names, ...rest }) => ({
  operation: 'Scan',
  filter: condition(filter),
  projection: projection(names),
  ...rest,
});

class Operation {
  constructor(clause, write) {
    this.clause = clause;
    this.write = write;
  }
}

export const operations = {
  add: (value) => new Operation('SET', (name, bind) => `${name} = ${bind(value)}`),
  replace: (value) => new Operation('SET', (name, bind) => `${name} = ${bind(value)}`),
  increment: (by = 1) => new Operation('SET', (name, bind) => `${name} = if_not_exists(${name}, ${bind(0)}) + ${bind(by)}`),
  decrement: (by = 1) => new Operation('SET', (name, bind) => `${name} = if_not_exists(${name}, ${bind(0)}) - ${bind(by)}`),
  append: (values) => new Operation('SET', (name, bind) => `${name} = list_append(if_not_exists(${name}, ${bind([])}), ${bind(values)})`),
  prepend: (values) => new Operation('SET', (name, bind) => `${name} = list_append(${bind(values)}, if_not_exists(${name}, ${bind([])}))`),
  updateListItem: (value, index) => new Operation('SET', (name, bind) => `${name}[${index}] = ${bind(value)}`),
  remove: () => new Operation('REMOVE', (name) => name),
};

export const update = ({ key, update: changes, condition: object }) => {
  const clauses = { SET: [], REMOVE: [] };
  const expressionNames = {};
  const expressionValues = {};
  const bind = (value) => {
    const placeholder = `:v${Object.keys(expressionValues).length}`;
    expressionValues[placeholder] = toDynamoDB(value);
    return placeholder;
  };
  for (const name of Object.keys(changes)) {
    const change = changes[name] instanceof Operation ? changes[name] : operations.replace(changes[name]);
    expressionNames[`#${name}`] = name;
    clauses[change.clause].push(change.write(`#${name}`, bind));
  }
  const expression = Object.keys(clauses)
    .filter((clause) => clauses[clause].length)
    .map((clause) => `${clause} ${clauses[clause].join(', ')}`)
    .join(' ');
  return { operation: 'UpdateItem', key: toMapValues(key), update: { expression, expressionNames, expressionValues }, condition: condition(object) };
};

const tables = (list, read) => fromEntries(Object.entries(list).map(([name, one]) => [name, read(one)]));
const keysOf = ({ keys, consistentRead, projection: names }) => ({
  keys: keys.map(toMapValues),
  consistentRead,
  projection: projection(names),
});

export const batchGet = ({ tables: asked }) => ({ operation: 'BatchGetItem', tables: tables(asked, keysOf) });
export const batchPut = ({ tables: asked }) => ({ operation: 'BatchPutItem', tables: tables(asked, (items) => items.map(toMapValues)) });
export const batchDelete = ({ tables: asked }) => ({ operation: 'BatchDeleteItem', tables: tables(asked, (keys) => keys.map(toMapValues)) });

export const transactGet = ({ items }) => ({
  operation: 'TransactGetItems',
  transactItems: items.map(({ table, key, projection: names }) => ({ table, key: toMapValues(key), projection: projection(names) })),
});

const WRITES = { putItem: put, updateItem: update, deleteItem: remove };
const writing = ({ table, ...one }) => {
  const name = Object.keys(one)[0];
  if (name === 'conditionCheck') {
    const { key, condition: object } = one.conditionCheck;
    return { table, operation: 'ConditionCheck', key: toMapValues(key), condition: condition(object) };
  }
  return { table, ...WRITES[name](one[name]) };
};

export const transactWrite = ({ items }) => ({ operation: 'TransactWriteItems', transactItems: items.map(writing) });

export const sync = ({ filter, ...rest }) => ({ operation: 'Sync', filter: condition(filter), ...rest });
