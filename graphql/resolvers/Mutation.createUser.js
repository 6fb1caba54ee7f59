// datasource: UserTable
import { util } from '@aws-appsync/utils';

const check = (right, message) => {
  if (!right) util.error(message, 'BadRequest');
};

export function request(ctx) {
  const { id, ...user } = ctx.args.input;
  const sub = ctx.identity.sub;
  if (id && id !== sub) util.unauthorized();
  const { height, weight, caloriesTargetPerDay } = user;
  check(height > 0 && height <= 300, 'height must be more than 0 and at most 300 cm.');
  check(weight > 0 && weight <= 1000, 'weight must be more than 0 and at most 1000 kg.');
  check(caloriesTargetPerDay > 0 && caloriesTargetPerDay <= 99999, 'caloriesTargetPerDay must be 1 to 99999 kcal.');
  check(JSON.stringify(user).length <= 200000, 'targets and library are too large.');
  const item = {};
  for (const name of Object.keys(user)) if (user[name] !== null) item[name] = user[name];
  // kg/m², to one decimal.
  item.bmi = Math.round((weight * 100000) / (height * height)) / 10;
  item.rev = 1;
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: sub }),
    attributeValues: util.dynamodb.toMapValues(item),
    condition: { expression: 'attribute_not_exists(id)' },
  };
}

export function response(ctx) {
  const error = ctx.error;
  if (!error) return ctx.result;
  if (error.type === 'DynamoDB:ConditionalCheckFailedException') util.error('There is a profile already; update it.', 'Conflict');
  util.error(error.message, error.type);
}
