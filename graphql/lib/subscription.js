import { extensions, util } from '@aws-appsync/utils';

import { ownerOf, requireOwner } from './owner.js';

// Accepts a subscription to the caller's own events; the argument `owner` may name the caller alone.
export const subscribe = (ctx, owner) => {
  requireOwner(ctx, ctx.args[owner] || ownerOf(ctx));
  return { payload: null };
};

// Publishes the caller's own events alone, narrowed by the arguments given.
export const filterEvents = (ctx, owner) => {
  const filter = {};
  for (const name of Object.keys(ctx.args)) filter[name] = { eq: ctx.args[name] };
  filter[owner] = { eq: ownerOf(ctx) };
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(filter));
  return null;
};
