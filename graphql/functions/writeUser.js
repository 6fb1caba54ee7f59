// datasource: UserTable
import { util } from '@aws-appsync/utils';

import { setBodyMassIndex } from '../lib/profile.js';
import { writtenOr } from '../lib/result.js';

// Writes the stored row with the edit, if the row is still the one that was read. Height and weight decide the body mass index.
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
  setBodyMassIndex(user);
  user.rev = (stored.rev ?? 1) + 1;
  const condition = { expression: 'attribute_exists(id) AND attribute_not_exists(rev)' };
  if (stored.rev) {
    condition.expression = 'rev = :rev';
    condition.expressionValues = util.dynamodb.toMapValues({ ':rev': stored.rev });
  }
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: ctx.args.input.id }),
    attributeValues: util.dynamodb.toMapValues(user),
    condition,
  };
}

export function response(ctx) {
  return writtenOr(ctx, 'The profile was changed meanwhile; fetch it and try again.', 'Conflict');
}
