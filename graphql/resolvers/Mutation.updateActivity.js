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
  const { id, userid, expectedRev, ...edit } = ctx.args.input;
  const sub = ctx.identity.sub;
  if (userid && userid !== sub) util.unauthorized();
  if (!id) util.error('There is no such entry.', 'NotFound');
  for (const name of ['category', 'type', 'caloriesConsumed', 'creationDateTime', 'date']) {
    check(edit[name] !== null, name + ' can not be removed.');
  }
  const kcal = edit.caloriesConsumed ?? 0;
  check(kcal >= 0 && kcal <= 99999, 'caloriesConsumed must be 0 to 99999 kcal.');
  for (const name of ['category', 'type']) {
    check(is('(?s).{1,100}', edit[name] ?? '-'), name + ' must have 1 to 100 characters.');
  }
  check(is('(?s).{0,200}', edit.name ?? ''), 'name may have 200 characters.');
  check(is('(?s).{0,2000}', edit.note ?? ''), 'note may have 2000 characters.');
  check((edit.quantity ?? 1) > 0, 'quantity must be more than 0.');
  check(!Object.hasOwn(edit, 'date') || isDay(edit.date), 'date must be a day of the calendar, like 2026-11-23.');
  const at = edit.creationDateTime;
  if (Object.hasOwn(edit, 'creationDateTime')) {
    const isMoment = is('.{10}T([01]\\d|2[0-3])(:[0-5]\\d){2}(\\.\\d{3})?Z', at) && isDay(at.slice(0, 10));
    check(isMoment, 'creationDateTime must be UTC, like 2026-11-23T07:30:00.000Z.');
    if (at.length === 20) edit.creationDateTime = at.slice(0, 19) + '.000Z';
  }

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
  const condition = { expression: 'userid = :sub', expressionValues: util.dynamodb.toMapValues({ ':sub': sub }) };
  if (expectedRev) {
    condition.expression = expectedRev === 1 ? 'userid = :sub AND (rev = :rev OR attribute_not_exists(rev))' : 'userid = :sub AND rev = :rev';
    condition.expressionValues[':rev'] = util.dynamodb.toNumber(expectedRev);
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ id }),
    update: {
      expression: 'SET ' + sets.join(', ') + (removes.length ? ' REMOVE ' + removes.join(', ') : ''),
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition,
  };
}

// Never with the stored item: it may be a stranger's.
export function response(ctx) {
  const { error, result } = ctx;
  if (!error) return result;
  if (error.type !== 'DynamoDB:ConditionalCheckFailedException') util.error(error.message, error.type);
  const sub = ctx.identity.sub;
  if (result && result.userid === sub) util.error('This entry was changed meanwhile; fetch it and try again.', 'Conflict');
  if (result && result.deletedBy === sub) util.error('This entry was deleted.', 'Deleted');
  util.error('There is no such entry.', 'NotFound');
}
