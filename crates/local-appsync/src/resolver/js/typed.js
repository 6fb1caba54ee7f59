// DynamoDB's typed values as resolvers write them: `{ "N": 12345 }` holds a number, `{ "NULL": null }` a null.

// Taken away from resolvers later.
const { isArray } = Array;

export function toDynamoDB(value) {
  if (value === null || value === undefined) return { NULL: null };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isArray(value)) return { L: value.map(toDynamoDB) };
  return { M: toMapValues(value) };
}

export function toMapValues(value) {
  const typed = {};
  for (const name of Object.keys(value)) {
    if (value[name] !== undefined) typed[name] = toDynamoDB(value[name]);
  }
  return typed;
}
