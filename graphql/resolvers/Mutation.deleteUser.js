// datasource: UserTable
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  const id = ctx.args.input.id;
  if (id !== ctx.identity.sub) util.unauthorized();
  return { operation: 'DeleteItem', key: util.dynamodb.toMapValues({ id }), condition: { expression: 'attribute_exists(id)' } };
}

// AppSync counts a delete of nothing as done.
export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  if (!ctx.result) util.error('There is no profile.', 'NotFound');
  return ctx.result;
}
