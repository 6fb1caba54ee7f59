// datasource: UserTable
import { util } from '@aws-appsync/utils';

import { resultOf } from '../lib/result.js';

// The pipeline has checked that the id is the caller's.
export function request(ctx) {
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ id: ctx.args.input.id }), consistentRead: true };
}

export function response(ctx) {
  const result = resultOf(ctx);
  const { expectedRev } = ctx.args.input;
  if (!result) util.error('There is no profile yet; create it.', 'NotFound');
  if (expectedRev && expectedRev !== (result.rev ?? 1)) {
    util.error('The profile was changed meanwhile; fetch it and try again.', 'Conflict');
  }
  return result;
}
