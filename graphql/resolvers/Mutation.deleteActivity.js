// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

import { isOwn } from '../lib/entry.js';
import { ownerOf } from '../lib/owner.js';
import { conditionFailed } from '../lib/result.js';

// The item stays for 30 days without an owner: it leaves both indexes, and its id can't be used again.
export function request(ctx) {
  const sub = ownerOf(ctx);
  if (!ctx.args.input.id) util.error('There is no such entry.', 'NotFound');
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ id: ctx.args.input.id }),
    update: {
      expression: 'SET deletedBy = :sub, expiresAt = :at REMOVE userid',
      expressionValues: util.dynamodb.toMapValues({ ':sub': sub, ':at': util.time.nowEpochSeconds() + 30 * 86400 }),
    },
    condition: isOwn(ctx),
  };
}

// Puts the owner back for the caller and for subscribers. A repeated delete succeeds: the condition fails then.
export function response(ctx) {
  const result = ctx.result;
  const sub = ownerOf(ctx);
  if (conditionFailed(ctx) && result && result.userid === sub) {
    util.error('This entry was changed meanwhile; fetch it and try again.', 'Conflict');
  }
  if (!result || result.deletedBy !== sub) util.error('There is no such entry.', 'NotFound');
  return { ...result, userid: sub };
}
