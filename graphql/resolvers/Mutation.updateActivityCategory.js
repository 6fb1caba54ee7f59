// datasource: ActivityCategoryTable
import { util } from '@aws-appsync/utils';

const checkTypes = (types) => {
  const wrong = (types ?? []).some((one) => one === null || !util.matches('(?s)^.{1,100}\\z', one));
  if (wrong || (types ?? []).length > 100) util.error('type takes at most 100 names of 1 to 100 characters.', 'BadRequest');
};

// Types that are absent stay, null removes them.
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
    // An update has to say something: what isn't there can be removed.
    const gone = input.type === null ? 'type' : 'nothing';
    request.update = { expression: 'REMOVE #t', expressionNames: { '#t': gone } };
  }
  return request;
}

export function response(ctx) {
  const error = ctx.error;
  if (!error) return ctx.result;
  if (error.type === 'DynamoDB:ConditionalCheckFailedException') util.error('There is no such category.', 'NotFound');
  util.error(error.message, error.type);
}
