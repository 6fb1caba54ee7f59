// datasource: ActivityTable
import { passing, queryOwn } from '../lib/list.js';
import { resultOf } from '../lib/result.js';

// The caller's entries, oldest first.
export function request(ctx) {
  return { ...queryOwn(ctx, 'creationDateTime'), index: 'userid-creationDateTime-index' };
}

export function response(ctx) {
  const { items, nextToken } = resultOf(ctx);
  return { items: passing(items, ctx, 'creationDateTime'), nextToken };
}
