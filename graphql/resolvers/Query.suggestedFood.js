// datasource: NoneSource
// Generated from assets/foods.csv by `cargo run -p xtask -- generate`.
import { util } from '@aws-appsync/utils';

import { ownerOf, requireOwner } from '../lib/owner.js';

// Name, kcal and grams of sugar of a portion, index of the type.
const FOODS = 'Beef mince (1 portion);325;0.0;2|Beef steak (1 steak);470;0.0;2|Black olives (10 olives);46;0.0;3|Canned tuna (1 can);96;0.0;1|Chicken breast (1 breast);198;0.0;2|Chicken drumstick (1 drumstick);81;0.0;2|Chicken thigh (1 thigh);154;0.0;2|Coffee (1 cup);2;0.0;5|Crab (1 portion);82;0.0;2|Decaffeinated coffee (1 cup);0;0.0;5|Diet cola (1 can);7;0.0;10|Espresso (1 shot);3;0.0;5|Green tea (1 cup);2;0.0;4|Ham (2 slices);101;0.0;1|Herbal tea (1 cup);2;0.0;4|Liver sausage (2 slices);118;0.0;1|Prosciutto (2 slices);58;0.0;1|Roast beef (2 slices);134;0.0;2|Roast duck (1 portion);336;0.0;2|Sardines in oil (1 can);191;0.0;1|Smoked salmon (2 slices);67;0.0;0|Sparkling water (1 glass);0;0.0;8|Swiss cheese (1 slice);110;0.0;1|Tea (1 cup);2;0.0;4|Turkey breast (3 slices);125;0.0;2|Water (1 glass);0;0.0;8|Cod (1 fillet);130;0.1;2|Salami (3 slices);111;0.1;1|Crisps (1 bag);133;0.1;3|Spinach (1 handful);7;0.1;2|Cheddar (1 slice);113;0.1;1|Fried chicken (1 piece);339;0.1;2|Pumpernickel (1 slice);80;0.2;0|Egg (1 egg);72;0.2;0|Poached egg (1 egg);72;0.2;0|Fried egg (1 egg);105;0.2;0|Guacamole (2 tbsp);46;0.2;3|Tortilla chips (1 handful);139;0.3;3|Omelette (1 omelette);210;0.4;0|Pumpkin seeds (1 handful);157;0.4;3|Egg white (2 egg whites);34;0.5;0|Sausage (1 sausage);185;0.6;0|Mozzarella (half a ball);186;0.6;1|Gherkin (1 pickle);8;0.7;2|Hummus (2 tbsp);78;0.9;1|Feta (1 slice);74;1.1;1|Avocado (1 avocado);322;1.3;3|Porridge (1 bowl);192;1.7;0|Unsweetened almond milk (1 glass);31;1.7;9|Oats (half a cup);149;1.8;0|Tomato juice (1 glass);35;5.3;7|Vegetable juice (1 glass);45;5.8;7|Cappuccino (1 cup);65;5.9;5|Flat white (1 cup);77;7.3;5|Light soya milk (1 glass);58;7.5;9|Carrot juice (1 glass);80;7.8;7|Coconut water (1 glass);45;9.8;7|Skimmed milk (1 glass);70;10.5;9|Oat milk (1 glass);97;10.9;9|Kombucha (1 bottle);92;18.1;4';
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
