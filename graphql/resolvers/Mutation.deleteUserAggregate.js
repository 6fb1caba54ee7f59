// pipeline: readDay, clearDay
import { util } from '@aws-appsync/utils';

import { requireOwner } from '../lib/owner.js';

export function request(ctx) {
  requireOwner(ctx, ctx.args.input.userid);
  if (!ctx.args.input.date) util.error('There are no totals of this day.', 'NotFound');
  return {};
}

// The day before it was deleted.
export function response(ctx) {
  return ctx.prev.result;
}
