// datasource: ActivityCategoryTable
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  if (!ctx.args.input.category) util.error('There is no such category.', 'NotFound');
  return {
    operation: 'DeleteItem',
    key: util.dynamodb.toMapValues({ category: ctx.args.input.category }),
    condition: { expression: 'attribute_exists(category)' },
  };
}

// AppSync counts a delete of nothing as done.
export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  if (!ctx.result) util.error('There is no such category.', 'NotFound');
  return ctx.result;
}
