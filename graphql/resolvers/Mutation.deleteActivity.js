// datasource: ActivityTable
import { util } from '@aws-appsync/utils';

// The item stays for 30 days without an owner: out of both indexes, and its id can't be used again.
export function request(ctx) {
  if (!ctx.args.input.id) util.error('There is no such entry.', 'NotFound');
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ id: ctx.args.input.id }),
    update: {
      expression: 'SET deletedBy = :sub, expiresAt = :at REMOVE userid',
      expressionValues: util.dynamodb.toMapValues({
        ':sub': ctx.identity.sub,
        ':at': util.time.nowEpochSeconds() + 30 * 86400,
      }),
    },
    condition: {
      expression: 'userid = :sub',
      expressionValues: util.dynamodb.toMapValues({ ':sub': ctx.identity.sub }),
    },
  };
}

// Puts the owner back for the caller and for subscribers. A repeat succeeds.
export function response(ctx) {
  const { error, result } = ctx;
  const sub = ctx.identity.sub;
  if (error && error.type !== 'DynamoDB:ConditionalCheckFailedException') util.error(error.message, error.type);
  if (!result || result.deletedBy !== sub) util.error('There is no such entry.', 'NotFound');
  return { ...result, userid: sub };
}
