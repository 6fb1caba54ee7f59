// datasource: ActivityCategoryTable
import { util } from '@aws-appsync/utils';

import { checkTypes } from '../lib/category.js';
import { check } from '../lib/check.js';
import { writtenOr } from '../lib/result.js';
import { matches } from '../lib/text.js';

export function request(ctx) {
  const { category, type } = ctx.args.input;
  check(matches('(?s).{1,100}', category), 'category must have 1 to 100 characters.');
  checkTypes(type);
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ category }),
    attributeValues: util.dynamodb.toMapValues(type ? { type } : {}),
    condition: { expression: 'attribute_not_exists(category)' },
  };
}

// AppSync itself lets a repeat of the same create succeed.
export function response(ctx) {
  return writtenOr(ctx, 'There is such a category already; update it.', 'Conflict');
}
