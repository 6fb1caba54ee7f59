// datasource: ActivityCategoryTable
import { util } from '@aws-appsync/utils';

import { checkTypes } from '../lib/category.js';
import { writtenOr } from '../lib/result.js';

// Absent types stay, null removes them.
export function request(ctx) {
  const input = ctx.args.input;
  checkTypes(input.type);
  if (!input.category) util.error('There is no such category.', 'NotFound');
  const request = {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ category: input.category }),
    condition: { expression: 'attribute_exists(category)' },
  };
  if (input.type) {
    request.update = {
      expression: 'SET #t = :t',
      expressionNames: { '#t': 'type' },
      expressionValues: util.dynamodb.toMapValues({ ':t': input.type }),
    };
  } else {
    // AppSync requires an expression: removing an absent attribute changes nothing.
    const gone = input.type === null ? 'type' : 'nothing';
    request.update = { expression: 'REMOVE #t', expressionNames: { '#t': gone } };
  }
  return request;
}

export function response(ctx) {
  return writtenOr(ctx, 'There is no such category.', 'NotFound');
}
