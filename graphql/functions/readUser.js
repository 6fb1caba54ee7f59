// datasource: UserTable
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ id: ctx.identity.sub }), consistentRead: true };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const { expectedRev } = ctx.args.input;
  if (!ctx.result) util.error('There is no profile yet; create it.', 'NotFound');
  if (expectedRev && expectedRev !== (ctx.result.rev ?? 1)) {
    util.error('The profile was changed meanwhile; fetch it and try again.', 'Conflict');
  }
  return ctx.result;
}
