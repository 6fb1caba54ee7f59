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

// A day that had no row gets one with totals of nothing: neither is ever null.
export function request(ctx) {
  const { date, weight } = ctx.args;
  check(isDay(date), 'date must be a day of the calendar, like 2026-11-23.');
  const given = weight ?? null;
  check(given === null || (given > 0 && given <= 1000), 'weight must be more than 0 and at most 1000 kg.');
  const values = { ':zero': 0, ':one': 1 };
  if (given !== null) values[':w'] = given;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ userid: ctx.identity.sub, date }),
    update: {
      expression: (given === null ? 'REMOVE #w' : 'SET #w = :w') + ' ADD caloriesConsumed :zero, caloriesBurned :zero, version :one',
      expressionNames: { '#w': 'weight' },
      expressionValues: util.dynamodb.toMapValues(values),
    },
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
