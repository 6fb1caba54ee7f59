import { util } from '@aws-appsync/utils';

// Rejects input that isn't valid.
export const check = (isValid, message) => {
  if (!isValid) util.error(message, 'BadRequest');
};
