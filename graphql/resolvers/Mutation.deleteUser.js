// datasource: UserTable
import { util } from '@aws-appsync/utils';

import { requireOwner } from '../lib/owner.js';
import { resultOf } from '../lib/result.js';

export function request(ctx) {
  const id = ctx.args.input.id;
  requireOwner(ctx, id);
  return { operation: 'DeleteItem', key: util.dynamodb.toMapValues({ id }), condition: { expression: 'attribute_exists(id)' } };
}

// For AppSync, deleting an absent item succeeds.
export function response(ctx) {
  const result = resultOf(ctx);
  if (!result) util.error('There is no profile.', 'NotFound');
  return result;
}
