// datasource: NoneSource
// Generated from assets/foods.csv by `cargo run -p xtask -- generate`.
import { util } from '@aws-appsync/utils';

import { ownerOf, requireOwner } from '../lib/owner.js';

// Name, kcal and grams of sugar of a portion, index of the type.
const FOODS = '@foods@';
const TYPES = ['Breakfast', 'Lunch', 'Dinner', 'Snacks', 'Tea', 'Coffee', 'Shake', 'Juice', 'Water', 'Milk', 'Soft drink', 'Alcohol'];

// The foods below both bounds. `bmi` isn't used: the client ranks by the user's own habits.
export function request(ctx) {
  const { userid, calorie, sugar } = ctx.args;
  requireOwner(ctx, userid);
  const foods = FOODS.split('|').map((food) => food.split(';'));
  return { payload: foods.filter((food) => food[1] * 1 < (calorie ?? 400) && food[2] * 1 < (sugar ?? 2)) };
}

export function response(ctx) {
  const userid = ownerOf(ctx);
  const creationDateTime = util.time.nowISO8601();
  return ctx.result.map(([name, kcal, , type]) => ({
    id: util.autoId(),
    userid,
    category: type < 4 ? 'Food' : 'Drink',
    type: TYPES[type],
    caloriesConsumed: kcal * 1,
    creationDateTime,
    name,
    quantity: 1,
  }));
}
