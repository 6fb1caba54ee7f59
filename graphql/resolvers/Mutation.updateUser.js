// pipeline: readUser, writeUser
import { util } from '@aws-appsync/utils';

const check = (right, message) => {
  if (!right) util.error(message, 'BadRequest');
};

export function request(ctx) {
  const { id, expectedRev, ...edit } = ctx.args.input;
  if (id !== ctx.identity.sub) util.unauthorized();
  for (const name of ['username', 'height', 'weight', 'caloriesTargetPerDay']) {
    check(edit[name] !== null, name + ' can not be removed.');
  }
  const { height, weight, caloriesTargetPerDay } = edit;
  check((height ?? 1) > 0 && (height ?? 1) <= 300, 'height must be more than 0 and at most 300 cm.');
  check((weight ?? 1) > 0 && (weight ?? 1) <= 1000, 'weight must be more than 0 and at most 1000 kg.');
  const kcal = caloriesTargetPerDay ?? 1;
  check(kcal > 0 && kcal <= 99999, 'caloriesTargetPerDay must be 1 to 99999 kcal.');
  check(JSON.stringify(edit).length <= 200000, 'targets and library are too large.');
  return {};
}

export function response(ctx) {
  return ctx.prev.result;
}
