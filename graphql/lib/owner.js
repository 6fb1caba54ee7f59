import { util } from '@aws-appsync/utils';

// The caller's id in the user pool: `sub` of a token, or of the sign-in that an identity pool gave the keys for. `SIGN_IN`
// of the API's environment is how sign-ins at its own pool begin, type and provider. Any other IAM identity owns nothing.
export const ownerOf = ({ env, identity }) => {
  const { sub, cognitoIdentityAuthType: type, cognitoIdentityAuthProvider: provider } = identity;
  const user = sub ?? provider?.slice(-37, -1);
  if (!sub && type + provider !== `${env.SIGN_IN}${user}"`) util.unauthorized();
  return user;
};

// Rejects a request that names another user than the caller.
export const requireOwner = (ctx, userid) => {
  if (userid !== ownerOf(ctx)) util.unauthorized();
};
