// datasource: NoneSource
// Generated from assets/foods.csv by `cargo run -p xtask -- generate`.
import { util } from '@aws-appsync/utils';

// Name, kcal and grams of sugar of a portion, category and type.
const FOODS = 'Chicken breast, roasted (1 piece);198;0.0;F;Dinner|Coffee (1 cup);2;0.0;D;Coffee|Ground beef, cooked (1 patty);216;0.0;F;Dinner|Olive oil (1 tablespoon);124;0.0;F;Lunch|Salmon, baked (1 fillet);309;0.0;F;Dinner|Shrimp, cooked (1 serving);84;0.0;F;Dinner|Tea, unsweetened (1 cup);2;0.0;D;Tea|Tuna, canned in water (1 can);139;0.0;F;Lunch|Turkey breast, roasted (3 slices);125;0.0;F;Lunch|Butter (1 tablespoon);100;0.0;F;Breakfast|Hummus (2 tablespoons);50;0.1;F;Snacks|Potato chips (1 small bag);150;0.1;F;Snacks|Cheddar (1 slice);113;0.1;F;Snacks|White rice, cooked (1 cup);205;0.2;F;Dinner|Egg, fried (1 large);90;0.2;F;Breakfast|Popcorn (3 cups);93;0.2;F;Snacks|Black beans, cooked (half a cup);114;0.3;F;Lunch|Mozzarella (1 slice);78;0.3;F;Snacks|French fries (1 medium serving);365;0.4;F;Dinner|Avocado (half);120;0.5;F;Snacks|Egg, boiled (1 large);78;0.6;F;Breakfast|Oatmeal, cooked with water (1 bowl);166;0.7;F;Breakfast|Spinach, cooked (1 cup);41;0.7;F;Dinner|Tofu (1 serving);91;0.7;F;Dinner|Walnuts (1 handful);183;0.7;F;Snacks|Brown rice, cooked (1 cup);218;0.8;F;Dinner|Pasta, cooked (1 cup);221;0.8;F;Dinner|Soy drink, unsweetened (1 glass);80;1.0;D;Shake|Almonds (1 handful);162;1.2;F;Snacks|Potato, boiled (1 medium);130;1.4;F;Dinner|Whole-wheat bread (1 slice);81;1.4;F;Breakfast|White bread (1 slice);74;1.5;F;Breakfast|Quinoa, cooked (1 cup);222;1.7;F;Lunch|Scrambled eggs (2 large);179;1.7;F;Breakfast|Lentils, cooked (half a cup);116;1.8;F;Lunch|Broccoli, cooked (1 cup);54;2.2;F;Dinner|Cucumber (half);22;2.5;F;Snacks|Carrot (1 medium);25;2.8;F;Snacks|Corn flakes (1 bowl);107;2.9;F;Breakfast|Peanut butter (2 tablespoons);188;2.9;F;Snacks|Cottage cheese (half a cup);108;3.0;F;Snacks|Tomato (1 medium);22;3.1;F;Snacks|Vegetable soup (1 bowl);67;3.8;F;Lunch|Pizza, cheese (1 slice);285;3.9;F;Dinner|Chickpeas, cooked (half a cup);134;3.9;F;Lunch|Bagel (1 bagel);257;5.1;F;Breakfast|Greek yogurt, plain, nonfat (1 cup);100;5.4;F;Breakfast|Croissant (1 medium);231;6.4;F;Breakfast|Cheeseburger (1 burger);313;6.7;F;Lunch|Coleslaw (half a cup);91;7.2;F;Lunch|Strawberries (1 bowl);48;7.3;F;Snacks|Sweet potato, baked (1 medium);104;7.5;F;Dinner|Yogurt, plain (1 cup);104;8.0;F;Breakfast|Blueberries (1 handful);46;8.0;F;Snacks|Tomato juice (1 glass);41;8.7;D;Juice|Dark chocolate (2 squares);109;9.6;F;Snacks|Grapes (1 handful);55;12.4;F;Snacks|Milk, whole (1 glass);149;12.4;D;Shake|Milk, skimmed (1 glass);83;12.5;D;Shake|Orange (1 medium);66;13.2;F;Snacks';

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
