// datasource: ActivityCategoryTable
import { util } from '@aws-appsync/utils';

import { resultOf } from '../lib/result.js';

export function request(ctx) {
  if (!ctx.args.input.category) util.error('There is no such category.', 'NotFound');
  return {
    operation: 'DeleteItem',
    key: util.dynamodb.toMapValues({ category: ctx.args.input.category }),
    condition: { expression: 'attribute_exists(category)' },
  };
}

// For AppSync, deleting an absent item succeeds.
export function response(ctx) {
  const result = resultOf(ctx);
  if (!result) util.error('There is no such category.', 'NotFound');
  return result;
}
