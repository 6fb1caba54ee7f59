// datasource: NoneSource
// Generated from assets/foods.csv by `cargo run -p xtask -- generate`.
import { util } from '@aws-appsync/utils';

// Name, kcal and grams of sugar of a portion, category and type.
const FOODS = '@foods@';

// What stays under both bounds. `bmi` is of no use here: the client ranks by the user's own habits.
export function request(ctx) {
  const { userid, calorie, sugar } = ctx.args;
  if (userid !== ctx.identity.sub) util.unauthorized();
  const foods = FOODS.split('|').map((food) => food.split(';'));
  return { payload: foods.filter((food) => food[1] * 1 < (calorie ?? 400) && food[2] * 1 < (sugar ?? 2)) };
}

export function response(ctx) {
  const userid = ctx.identity.sub;
  const creationDateTime = util.time.nowISO8601();
  return ctx.result.map(([name, kcal, , category, type]) => ({
    id: util.autoId(),
    userid,
    category: category === 'F' ? 'Food' : 'Drink',
    type,
    caloriesConsumed: kcal * 1,
    creationDateTime,
    name,
    quantity: 1,
  }));
}
