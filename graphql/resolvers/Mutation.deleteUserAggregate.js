// pipeline: readDay, clearDay
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  if (ctx.args.input.userid !== ctx.identity.sub) util.unauthorized();
  if (!ctx.args.input.date) util.error('There are no totals of this day.', 'NotFound');
  return {};
}

// The day as it last was.
export function response(ctx) {
  return ctx.prev.result;
}
