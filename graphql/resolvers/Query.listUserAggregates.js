// datasource: UserAggregateTable
import { dayOf } from '../lib/aggregate.js';
import { passing, queryOwn } from '../lib/list.js';
import { resultOf } from '../lib/result.js';

// The caller's days, ascending.
export function request(ctx) {
  return { ...queryOwn(ctx, 'date'), consistentRead: true };
}

// A deleted day keeps its version only, and isn't listed.
export function response(ctx) {
  const { items, nextToken } = resultOf(ctx);
  const days = items.filter((item) => Object.hasOwn(item, 'caloriesConsumed'));
  return { items: passing(days, ctx, 'date').map(dayOf), nextToken };
}
