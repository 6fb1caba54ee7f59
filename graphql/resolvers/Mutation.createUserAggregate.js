// datasource: UserAggregateTable
import { util } from '@aws-appsync/utils';

const isDay = (day) => {
  if (!util.matches('^\\d{4}-\\d{2}-\\d{2}\\z', day)) return false;
  const [y, m, d] = day.split('-').map((digits) => digits * 1);
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1];
  return d > 0 && d <= last;
};

const check = (right, message) => {
  if (!right) util.error(message, 'BadRequest');
};

// An update, so that the version continues if the day was deleted before. `reconcile` skips rows with `setByUser`.
export function request(ctx) {
  const { userid, date, caloriesConsumed, caloriesBurned } = ctx.args.input;
  if (userid !== ctx.identity.sub) util.unauthorized();
  check(isDay(date), 'date must be a day of the calendar, like 2026-11-23.');
  const [consumed, burned] = [caloriesConsumed ?? 0, caloriesBurned ?? 0];
  check(consumed >= 0 && burned >= 0, 'Totals must be 0 kcal or more.');
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ userid, date }),
    update: {
      expression: 'SET caloriesConsumed = :c, caloriesBurned = :b, setByUser = :set ADD version :one',
      expressionValues: util.dynamodb.toMapValues({ ':c': consumed, ':b': burned, ':set': true, ':one': 1 }),
    },
    condition: { expression: 'attribute_not_exists(caloriesConsumed)' },
  };
}

export function response(ctx) {
  const error = ctx.error;
  if (!error) return ctx.result;
  if (error.type === 'DynamoDB:ConditionalCheckFailedException') util.error('This day has totals already; update them.', 'Conflict');
  util.error(error.message, error.type);
}
