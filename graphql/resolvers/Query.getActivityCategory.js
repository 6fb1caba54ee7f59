// datasource: ActivityCategoryTable
import { runtime, util } from '@aws-appsync/utils';

import { ownerOf } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

// For every user, and for no other IAM identity.
export function request(ctx) {
  ownerOf(ctx);
  if (!ctx.args.category) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ category: ctx.args.category }) };
}

export function response(ctx) {
  return resultOf(ctx);
}
