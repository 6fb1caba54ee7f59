// datasource: ActivityCategoryTable
import { filterOf } from '../lib/filter.js';
import { ownerOf } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

// The one table that is scanned: it has a few rows, which every user reads, and no other IAM identity.
export function request(ctx) {
  ownerOf(ctx);
  const { filter, limit, nextToken } = ctx.args;
  return { operation: 'Scan', filter: filterOf(filter ?? {}), limit: limit ?? 20, nextToken };
}

export function response(ctx) {
  return resultOf(ctx);
}
