// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

import { check } from '../lib/check.js';
import { checkDay } from '../lib/day.js';
import { checkDetails, checkKcal, momentOf } from '../lib/entry.js';
import { ownerOf, requireOwner } from '../lib/owner.js';
import { conditionFailed } from '../lib/result.js';
import { matches } from '../lib/text.js';

export function request(ctx) {
  const { id, date, ...input } = ctx.args.input;
  const { userid, category, type } = input;
  requireOwner(ctx, userid);
  const kcal = input.caloriesConsumed ?? 0;
  checkKcal(kcal);
  check(
    matches('(?s).{1,100}', category) && matches('(?s).{1,100}', type),
    'category and type must have 1 to 100 characters.',
  );
  checkDetails(input);
  check(!id || matches('[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', id), 'id must be a UUID in lower case.');
  const at = momentOf(input.creationDateTime ?? util.time.nowISO8601());
  if (date) checkDay(date);

  const item = { userid, category, type, caloriesConsumed: kcal, creationDateTime: at, date: date || at.slice(0, 10), rev: 1 };
  for (const name of ['name', 'note', 'quantity', 'unit', 'food']) if (input[name]) item[name] = input[name];
  for (const name of ['protein', 'fat', 'carbohydrate']) if ((input[name] ?? -1) >= 0) item[name] = input[name];
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: id || util.autoId() }),
    attributeValues: util.dynamodb.toMapValues(item),
    condition: { expression: 'attribute_not_exists(id)' },
  };
}

// A repeated create returns the entry as it is now; a deleted id stays deleted.
export function response(ctx) {
  const result = ctx.result;
  if (!conditionFailed(ctx)) return result;
  const sub = ownerOf(ctx);
  if (result && result.userid === sub) return result;
  if (result && result.deletedBy === sub) util.error('This entry was deleted; its id can not be used again.', 'Deleted');
  util.error('This id is taken; mint another.', 'Conflict');
}
