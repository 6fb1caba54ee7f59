// datasource: NoneSource
// Generated from assets/foods.csv by `cargo run -p xtask -- generate`.
import { util } from '@aws-appsync/utils';

import { requireOwner } from '../lib/owner.js';

// Name, kcal and grams of sugar of a portion, index of the type.
const FOODS = 'Almond drink, unsweetened (1 glass);36;0.0;6|Beef steak, sirloin, grilled (1 steak);413;0.0;2|Beef, roasted (3 slices);212;0.0;2|Chicken breast, roasted (1 piece);198;0.0;2|Chicken drumstick, roasted (1 drumstick);103;0.0;2|Chicken thigh, roasted (1 thigh);180;0.0;2|Cod, baked (1 fillet);189;0.0;2|Coffee (1 cup);2;0.0;5|Crab, cooked (1 serving);83;0.0;2|Decaffeinated coffee (1 cup);2;0.0;5|Diet cola (1 can);4;0.0;7|Duck, roasted (1 piece);337;0.0;2|Espresso (1 shot);1;0.0;5|Fried chicken, breast (1 piece);364;0.0;2|Goat cheese, soft (1 slice);74;0.0;1|Green tea (1 cup);2;0.0;4|Ground beef, cooked (1 patty);216;0.0;2|Ham, sliced (2 slices);91;0.0;1|Herbal tea (1 cup);2;0.0;4|Liver sausage (2 slices);130;0.0;1|Olives, black (10 olives);46;0.0;3|Prosciutto (2 slices);58;0.0;1|Sardines in oil (1 can);191;0.0;1|Smoked salmon (2 slices);67;0.0;0|Swiss cheese (1 slice);110;0.0;1|Tea, unsweetened (1 cup);2;0.0;4|Tuna, canned in water (1 can);139;0.0;1|Turkey breast, roasted (3 slices);125;0.0;1|Water (1 glass);0;0.0;7|Hummus (2 tablespoons);50;0.1;3|Salami (3 slices);113;0.1;1|Potato chips (1 small bag);150;0.1;3|Spinach, raw (1 cup);7;0.1;1|Cheddar (1 slice);113;0.1;3|Pumpernickel (1 slice);80;0.2;0|Egg, fried (1 large);90;0.2;0|Poached egg (1 large);72;0.2;0|Mozzarella (1 slice);78;0.3;3|Tortilla chips (1 small bag);139;0.3;3|Guacamole (quarter cup);93;0.4;3|Omelette (2 eggs);188;0.4;0|Pumpkin seeds (1 handful);157;0.4;3|Oat flakes, dry (half a cup);152;0.4;0|Egg white (2 large);34;0.5;0|Avocado (half);120;0.5;3|Breakfast sausage (2 links);156;0.5;0|Egg, boiled (1 large);78;0.6;0|Oatmeal, cooked with water (1 bowl);166;0.7;0|Pickles, dill (1 pickle);8;0.7;3|Soy drink, unsweetened (1 glass);80;1.0;6|Coffee with milk (1 cup);22;1.4;5|Tea with milk (1 cup);19;1.4;4|Coconut water (1 glass);46;6.2;7|Cappuccino (1 cup);91;7.2;5|Vegetable juice (1 glass);46;7.5;7|Flat white (1 cup);100;8.0;5|Tomato juice (1 glass);41;8.7;7|Carrot juice (1 glass);94;9.2;7|Oat drink (1 glass);110;9.6;6|Kombucha (1 bottle);59;9.9;4';
const TYPES = ['Breakfast', 'Lunch', 'Dinner', 'Snacks', 'Tea', 'Coffee', 'Shake', 'Juice'];

// The foods below both bounds. `bmi` isn't used: the client ranks by the user's own habits.
export function request(ctx) {
  const { userid, calorie, sugar } = ctx.args;
  requireOwner(ctx, userid);
  const foods = FOODS.split('|').map((food) => food.split(';'));
  return { payload: foods.filter((food) => food[1] * 1 < (calorie ?? 400) && food[2] * 1 < (sugar ?? 2)) };
}

export function response(ctx) {
  const userid = ctx.identity.sub;
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
