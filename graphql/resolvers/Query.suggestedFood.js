// datasource: NoneSource
// Generated from assets/foods.csv by `cargo run -p xtask -- generate`.
import { util } from '@aws-appsync/utils';

// Name, kcal and grams of sugar of a portion, category and type.
const FOODS = 'Almond drink, unsweetened (1 glass);36;0.0;D;Shake|Beef steak, sirloin, grilled (1 steak);413;0.0;F;Dinner|Beef, roasted (3 slices);212;0.0;F;Dinner|Chicken breast, roasted (1 piece);198;0.0;F;Dinner|Chicken drumstick, roasted (1 drumstick);103;0.0;F;Dinner|Chicken thigh, roasted (1 thigh);180;0.0;F;Dinner|Cod, baked (1 fillet);189;0.0;F;Dinner|Coffee (1 cup);2;0.0;D;Coffee|Crab, cooked (1 serving);83;0.0;F;Dinner|Decaffeinated coffee (1 cup);2;0.0;D;Coffee|Diet cola (1 can);4;0.0;D;Juice|Duck, roasted (1 piece);337;0.0;F;Dinner|Espresso (1 shot);1;0.0;D;Coffee|Fried chicken, breast (1 piece);364;0.0;F;Dinner|Goat cheese, soft (1 slice);74;0.0;F;Lunch|Green tea (1 cup);2;0.0;D;Tea|Ground beef, cooked (1 patty);216;0.0;F;Dinner|Ham, sliced (2 slices);91;0.0;F;Lunch|Herbal tea (1 cup);2;0.0;D;Tea|Liver sausage (2 slices);130;0.0;F;Lunch|Olives, black (10 olives);46;0.0;F;Snacks|Prosciutto (2 slices);58;0.0;F;Lunch|Sardines in oil (1 can);191;0.0;F;Lunch|Smoked salmon (2 slices);67;0.0;F;Breakfast|Swiss cheese (1 slice);110;0.0;F;Lunch|Tea, unsweetened (1 cup);2;0.0;D;Tea|Tuna, canned in water (1 can);139;0.0;F;Lunch|Turkey breast, roasted (3 slices);125;0.0;F;Lunch|Water (1 glass);0;0.0;D;Juice|Hummus (2 tablespoons);50;0.1;F;Snacks|Salami (3 slices);113;0.1;F;Lunch|Potato chips (1 small bag);150;0.1;F;Snacks|Spinach, raw (1 cup);7;0.1;F;Lunch|Cheddar (1 slice);113;0.1;F;Snacks|Pumpernickel (1 slice);80;0.2;F;Breakfast|Egg, fried (1 large);90;0.2;F;Breakfast|Poached egg (1 large);72;0.2;F;Breakfast|Mozzarella (1 slice);78;0.3;F;Snacks|Tortilla chips (1 small bag);139;0.3;F;Snacks|Guacamole (quarter cup);93;0.4;F;Snacks|Omelette (2 eggs);188;0.4;F;Breakfast|Pumpkin seeds (1 handful);157;0.4;F;Snacks|Oat flakes, dry (half a cup);152;0.4;F;Breakfast|Egg white (2 large);34;0.5;F;Breakfast|Avocado (half);120;0.5;F;Snacks|Breakfast sausage (2 links);156;0.5;F;Breakfast|Egg, boiled (1 large);78;0.6;F;Breakfast|Oatmeal, cooked with water (1 bowl);166;0.7;F;Breakfast|Pickles, dill (1 pickle);8;0.7;F;Snacks|Soy drink, unsweetened (1 glass);80;1.0;D;Shake|Coffee with milk (1 cup);22;1.4;D;Coffee|Tea with milk (1 cup);19;1.4;D;Tea|Coconut water (1 glass);46;6.2;D;Juice|Cappuccino (1 cup);91;7.2;D;Coffee|Vegetable juice (1 glass);46;7.5;D;Juice|Flat white (1 cup);100;8.0;D;Coffee|Tomato juice (1 glass);41;8.7;D;Juice|Carrot juice (1 glass);94;9.2;D;Juice|Oat drink (1 glass);110;9.6;D;Shake|Kombucha (1 bottle);59;9.9;D;Tea';

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
