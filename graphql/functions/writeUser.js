// datasource: UserTable
import { util } from '@aws-appsync/utils';

// The stored row with the edit on it, if it is still the row that was read. The body mass index follows height and weight.
export function request(ctx) {
  const stored = ctx.prev.result;
  const user = {};
  for (const name of Object.keys(stored)) user[name] = stored[name];
  for (const name of Object.keys(ctx.args.input)) {
    if (ctx.args.input[name] === null) delete user[name];
    else user[name] = ctx.args.input[name];
  }
  delete user.id;
  delete user.expectedRev;
  // kg/m², to one decimal.
  user.bmi = Math.round((user.weight * 100000) / (user.height * user.height)) / 10;
  user.rev = (stored.rev ?? 1) + 1;
  const condition = { expression: 'attribute_exists(id) AND attribute_not_exists(rev)' };
  if (stored.rev) {
    condition.expression = 'rev = :rev';
    condition.expressionValues = util.dynamodb.toMapValues({ ':rev': stored.rev });
  }
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: ctx.identity.sub }),
    attributeValues: util.dynamodb.toMapValues(user),
    condition,
  };
}

export function response(ctx) {
  const error = ctx.error;
  if (!error) return ctx.result;
  if (error.type === 'DynamoDB:ConditionalCheckFailedException') {
    util.error('The profile was changed meanwhile; fetch it and try again.', 'Conflict');
  }
  util.error(error.message, error.type);
}
