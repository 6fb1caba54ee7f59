// datasource: ActivityCategoryTable
import { runtime, util } from '@aws-appsync/utils';

import { resultOf } from '../lib/result.js';

export function request(ctx) {
  if (!ctx.args.category) runtime.earlyReturn(null);
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ category: ctx.args.category }) };
}

export function response(ctx) {
  return resultOf(ctx);
}
