// datasource: UserTable
import { util } from '@aws-appsync/utils';

import { ownerOf, requireOwner } from '../lib/owner.js';
import { checkProfile, setBodyMassIndex } from '../lib/profile.js';
import { writtenOr } from '../lib/result.js';

export function request(ctx) {
  const { id: given, ...user } = ctx.args.input;
  const id = ownerOf(ctx);
  requireOwner(ctx, given || id);
  checkProfile(user);
  const item = {};
  for (const name of Object.keys(user)) if (user[name] !== null) item[name] = user[name];
  setBodyMassIndex(item);
  item.rev = 1;
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id }),
    attributeValues: util.dynamodb.toMapValues(item),
    condition: { expression: 'attribute_not_exists(id)' },
  };
}

export function response(ctx) {
  return writtenOr(ctx, 'There is a profile already; update it.', 'Conflict');
}
