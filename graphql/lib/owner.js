import { util } from '@aws-appsync/utils';

// Rejects a request that names another user than the caller.
export const requireOwner = (ctx, userid) => {
  if (userid !== ctx.identity.sub) util.unauthorized();
};
