// datasource: ActivityTable
import { runtime, util } from '@aws-appsync/utils';

import { ownerOf } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

export function request(ctx) {
  ctx.stash.owner = ownerOf(ctx);
  if (!ctx.args.id) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ id: ctx.args.id }), consistentRead: true };
}

// Another user's entry looks like one that doesn't exist.
export function response(ctx) {
  const result = resultOf(ctx);
  return result && result.userid === ctx.stash.owner ? result : null;
}
