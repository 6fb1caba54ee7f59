import { util } from '@aws-appsync/utils';

// The data source's result. Its error is reported unchanged.
export const resultOf = (ctx) => {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
};

// Whether the write's condition failed. Any other error is reported unchanged.
export const conditionFailed = (ctx) => {
  const error = ctx.error;
  if (error && error.type !== 'DynamoDB:ConditionalCheckFailedException') util.error(error.message, error.type);
  return !!error;
};

// The write's result, or this error where its condition failed.
export const writtenOr = (ctx, message, type) => {
  if (conditionFailed(ctx)) util.error(message, type);
  return ctx.result;
};
