// pipeline: readUser, writeUser
import { check } from '../lib/check.js';
import { requireOwner } from '../lib/owner.js';
import { checkProfile } from '../lib/profile.js';

export function request(ctx) {
  const { id, expectedRev, ...edit } = ctx.args.input;
  requireOwner(ctx, id);
  for (const name of ['username', 'caloriesTargetPerDay']) {
    check(edit[name] !== null, name + ' can not be removed.');
  }
  checkProfile(edit);
  return {};
}

export function response(ctx) {
  return ctx.prev.result;
}
