// Amplify's AppSync simulator with our schema and the templates of vtl/: `node simulator.js PORT DYNAMODB_PORT`, with NODE_PATH at npm's packages.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { AmplifyAppSyncSimulator } = require('@aws-amplify/amplify-appsync-simulator');

const [port, dynamodb] = process.argv.slice(2).map(Number);
const endpoint = `http://127.0.0.1:${dynamodb}`;
const region = 'us-east-1';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const ACTIVITIES = 'caltrack_activity_table';
const AGGREGATES = 'caltrack_user_aggregate_table';

// Each field's data source, and its response template if it isn't the default one.
const FIELDS = {
  'Mutation.createActivity': ['ActivityTable', 'own'],
  'Query.getActivity': ['ActivityTable', 'own'],
  'Query.listActivitiesByDate': ['ActivityTable', 'result'],
  'Query.getUserAggregate': ['UserAggregateTable', 'result'],
  'Subscription.onCreateActivity': ['NoneSource', 'nothing'],
};

const template = (name) => ({ path: name, content: fs.readFileSync(path.join(__dirname, 'vtl', name), 'utf8') });

function config() {
  const table = (name, tableName) => ({
    name,
    type: 'AMAZON_DYNAMODB',
    config: { endpoint, region, credentials, tableName },
  });
  const resolvers = Object.entries(FIELDS).map(([field, [dataSourceName, answer]]) => ({
    kind: 'UNIT',
    typeName: field.split('.')[0],
    fieldName: field.split('.')[1],
    dataSourceName,
    // By location and not inline: an inline template is parsed again for every request.
    requestMappingTemplateLocation: `${field}.request.vtl`,
    responseMappingTemplateLocation: `${answer}.response.vtl`,
  }));
  const locations = resolvers.flatMap((r) => [r.requestMappingTemplateLocation, r.responseMappingTemplateLocation]);
  return {
    schema: { path: 'schema.graphql', content: fs.readFileSync(path.join(__dirname, '../../graphql/schema.graphql'), 'utf8') },
    mappingTemplates: [...new Set(locations)].map(template),
    resolvers,
    dataSources: [
      table('ActivityTable', ACTIVITIES),
      table('UserAggregateTable', AGGREGATES),
      { name: 'NoneSource', type: 'NONE' },
    ],
    appSync: {
      name: 'caltrack',
      defaultAuthenticationType: { authenticationType: 'AMAZON_COGNITO_USER_POOLS', cognitoUserPoolConfig: {} },
      additionalAuthenticationProviders: [{ authenticationType: 'AWS_IAM' }],
    },
  };
}

// Like the table in templates/dynamodb-lambda.yaml, without the stream, which no process would read.
async function createTable(TableName, key, indexes = []) {
  const schema = (names) => names.map((AttributeName, i) => ({ AttributeName, KeyType: i ? 'RANGE' : 'HASH' }));
  const body = {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Set([key, ...indexes].flat())].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: schema(key),
  };
  if (indexes.length) {
    body.GlobalSecondaryIndexes = indexes.map((names) => ({
      IndexName: `${names.join('-')}-index`,
      KeySchema: schema(names),
      Projection: { ProjectionType: 'ALL' },
    }));
  }
  const headers = {
    'Content-Type': 'application/x-amz-json-1.0',
    'X-Amz-Target': 'DynamoDB_20120810.CreateTable',
    // The jar verifies no signature, but requires a well-formed one.
    Authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
  };
  for (;;) {
    try {
      const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await answer.text();
      if (answer.ok || text.includes('ResourceInUseException')) return;
      throw new Error(text);
    } catch (error) {
      // The jar, started at the same time, doesn't listen yet; if it never does, the parent process ends this one.
      if (error.cause?.code !== 'ECONNREFUSED') throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

async function main() {
  const simulator = new AmplifyAppSyncSimulator({ port, wsPort: 0 });
  simulator.init(config());
  await createTable(ACTIVITIES, ['id'], [['userid', 'creationDateTime'], ['userid', 'date']]);
  await createTable(AGGREGATES, ['userid', 'date']);
  // By default it would listen on every interface.
  const server = simulator._server._httpServer;
  const listen = server.listen.bind(server);
  server.listen = (wanted) => listen(wanted, '127.0.0.1');
  await simulator.start();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
