// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

import { check } from '../lib/check.js';
import { checkDay } from '../lib/day.js';
import { checkDetails, checkKcal, isOwn, momentOf } from '../lib/entry.js';
import { ownerOf, requireOwner } from '../lib/owner.js';
import { conditionFailed } from '../lib/result.js';
import { matches } from '../lib/text.js';

export function request(ctx) {
  const { id, userid, expectedRev, ...edit } = ctx.args.input;
  requireOwner(ctx, userid || ownerOf(ctx));
  if (!id) util.error('There is no such entry.', 'NotFound');
  for (const name of ['category', 'type', 'caloriesConsumed', 'creationDateTime', 'date']) {
    check(edit[name] !== null, name + ' can not be removed.');
  }
  checkKcal(edit.caloriesConsumed ?? 0);
  for (const name of ['category', 'type']) {
    check(matches('(?s).{1,100}', edit[name] ?? '-'), name + ' must have 1 to 100 characters.');
  }
  checkDetails(edit);
  if (Object.hasOwn(edit, 'date')) checkDay(edit.date);
  if (Object.hasOwn(edit, 'creationDateTime')) edit.creationDateTime = momentOf(edit.creationDateTime);

  const names = { '#rev': 'rev' };
  const values = { ':one': 1 };
  const sets = ['#rev = if_not_exists(#rev, :one) + :one'];
  const removes = [];
  for (const name of Object.keys(edit)) {
    names['#' + name] = name;
    if (edit[name] === null || edit[name] === '') {
      removes.push('#' + name);
    } else {
      sets.push('#' + name + ' = :' + name);
      values[':' + name] = edit[name];
    }
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ id }),
    update: {
      expression: 'SET ' + sets.join(', ') + (removes.length ? ' REMOVE ' + removes.join(', ') : ''),
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition: isOwn(ctx),
  };
}

// Never returns the stored item in an error: it may be another user's.
export function response(ctx) {
  const result = ctx.result;
  if (!conditionFailed(ctx)) return result;
  const sub = ownerOf(ctx);
  if (result && result.userid === sub) util.error('This entry was changed meanwhile; fetch it and try again.', 'Conflict');
  if (result && result.deletedBy === sub) util.error('This entry was deleted.', 'Deleted');
  util.error('There is no such entry.', 'NotFound');
}
