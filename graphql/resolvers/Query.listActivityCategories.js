// datasource: ActivityCategoryTable
import { filterOf } from '../lib/filter.js';
import { resultOf } from '../lib/result.js';

// The one table that is scanned: it has a few rows, which every user reads.
export function request(ctx) {
  const { filter, limit, nextToken } = ctx.args;
  return { operation: 'Scan', filter: filterOf(filter ?? {}), limit: limit ?? 20, nextToken };
}

export function response(ctx) {
  return resultOf(ctx);
}
