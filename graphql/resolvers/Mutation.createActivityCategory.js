// datasource: ActivityCategoryTable
import { util } from '@aws-appsync/utils';

const checkTypes = (types) => {
  const wrong = (types ?? []).some((one) => one === null || !util.matches('(?s)^.{1,100}\\z', one));
  if (wrong || (types ?? []).length > 100) util.error('type takes at most 100 names of 1 to 100 characters.', 'BadRequest');
};

export function request(ctx) {
  const { category, type } = ctx.args.input;
  if (!util.matches('(?s)^.{1,100}\\z', category)) util.error('category must have 1 to 100 characters.', 'BadRequest');
  checkTypes(type);
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ category }),
    attributeValues: util.dynamodb.toMapValues(type ? { type } : {}),
    condition: { expression: 'attribute_not_exists(category)' },
  };
}

// A repeat of the same create succeeds: AppSync itself sees to that.
export function response(ctx) {
  const error = ctx.error;
  if (!error) return ctx.result;
  if (error.type === 'DynamoDB:ConditionalCheckFailedException') util.error('There is such a category already; update it.', 'Conflict');
  util.error(error.message, error.type);
}
