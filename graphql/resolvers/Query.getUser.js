// datasource: UserTable
import { runtime, util } from '@aws-appsync/utils';

import { ownerOf } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

// Another user's row looks like one that doesn't exist.
export function request(ctx) {
  const id = ctx.args.id;
  if (id !== ownerOf(ctx)) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ id }), consistentRead: true };
}

export function response(ctx) {
  return resultOf(ctx);
}
