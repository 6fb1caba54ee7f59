// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

const is = (pattern, text) => util.matches('^' + pattern + '\\z', text);

const isDay = (day) => {
  if (!is('\\d{4}-\\d{2}-\\d{2}', day)) return false;
  const [y, m, d] = day.split('-').map((digits) => digits * 1);
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1];
  return d > 0 && d <= last;
};

const check = (right, message) => {
  if (!right) util.error(message, 'BadRequest');
};

export function request(ctx) {
  const { userid, id, category, type, date, name, note, quantity, ...rest } = ctx.args.input;
  if (userid !== ctx.identity.sub) util.unauthorized();
  const kcal = rest.caloriesConsumed ?? 0;
  let at = rest.creationDateTime ?? util.time.nowISO8601();
  check(kcal >= 0 && kcal <= 99999, 'caloriesConsumed must be 0 to 99999 kcal.');
  check(is('(?s).{1,100}', category) && is('(?s).{1,100}', type), 'category and type must have 1 to 100 characters.');
  check(is('(?s).{0,200}', name ?? ''), 'name may have 200 characters.');
  check(is('(?s).{0,2000}', note ?? ''), 'note may have 2000 characters.');
  check((quantity ?? 1) > 0, 'quantity must be more than 0.');
  check(!id || is('[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', id), 'id must be a UUID in lower case.');
  const isMoment = is('.{10}T([01]\\d|2[0-3])(:[0-5]\\d){2}(\\.\\d{3})?Z', at) && isDay(at.slice(0, 10));
  check(isMoment, 'creationDateTime must be UTC, like 2026-11-23T07:30:00.000Z.');
  at = at.length === 20 ? at.slice(0, 19) + '.000Z' : at;
  check(!date || isDay(date), 'date must be a day of the calendar, like 2026-11-23.');

  const item = { userid, category, type, caloriesConsumed: kcal, creationDateTime: at, date: date || at.slice(0, 10), rev: 1 };
  if (name) item.name = name;
  if (note) item.note = note;
  if (quantity) item.quantity = quantity;
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id: id || util.autoId() }),
    attributeValues: util.dynamodb.toMapValues(item),
    condition: { expression: 'attribute_not_exists(id)' },
  };
}

// A repeat of a create answers with the entry as it is by now; a deleted id stays deleted.
export function response(ctx) {
  const { error, result } = ctx;
  if (!error) return result;
  if (error.type !== 'DynamoDB:ConditionalCheckFailedException') util.error(error.message, error.type);
  const sub = ctx.identity.sub;
  if (result && result.userid === sub) return result;
  if (result && result.deletedBy === sub) util.error('This entry was deleted; its id can not be used again.', 'Deleted');
  util.error('This id is taken; mint another.', 'Conflict');
}
