// datasource: NoneSource
import { extensions, util } from '@aws-appsync/utils';

// The caller's own events alone, narrowed by the arguments given.
export function request(ctx) {
  const id = ctx.args.id;
  if (id && id !== ctx.identity.sub) util.unauthorized();
  return { payload: null };
}

export function response(ctx) {
  const filter = {};
  for (const name of Object.keys(ctx.args)) filter[name] = { eq: ctx.args[name] };
  filter.id = { eq: ctx.identity.sub };
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(filter));
  return null;
}
