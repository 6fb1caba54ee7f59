// aws-amplify signs in, and queries, mutates and subscribes by IAM, against a box that is served with TLS.
//
//     node amplify.mjs SERVED USER PASSWORD      SERVED is the line that `caltrack-tui serve` prints

import assert from 'node:assert/strict';

import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { fetchAuthSession, signIn } from 'aws-amplify/auth';
import { WebSocket } from 'ws';

globalThis.WebSocket ??= WebSocket;

const [line, username, password] = process.argv.slice(2);
const served = JSON.parse(line);
Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: served.userPoolId,
      userPoolClientId: served.userPoolClientId,
      userPoolEndpoint: served.cognitoEndpoint,
      identityPoolId: served.identityPoolId,
      identityPoolEndpoint: served.cognitoEndpoint,
      allowGuestAccess: false,
    },
  },
  API: { GraphQL: { endpoint: served.graphqlEndpoint, region: served.region, defaultAuthMode: 'iam' } },
});

const { isSignedIn } = await signIn({ username, password });
assert(isSignedIn);
const session = await fetchAuthSession();
assert.match(session.credentials.accessKeyId, /^ASIA/);
assert.match(session.identityId, /^us-east-1:/);
const client = generateClient({ authMode: 'iam' });
const run = (query, variables) => client.graphql({ query, variables });

const { data } = await run('query { listActivityCategories { items { category } } }');
assert.equal(data.listActivityCategories.items.length, 3);

// The subscription may start after the first event, so entries are created until one arrives.
const received = new Promise((resolve, reject) => {
  run('subscription { onCreateActivity { id userid caloriesConsumed } }').subscribe({
    next: ({ data }) => resolve(data.onCreateActivity),
    error: reject,
  });
});
const create = 'mutation($input: CreateActivityInput!) { createActivity(input: $input) { id userid caloriesConsumed } }';
const input = { userid: session.userSub, category: 'Food', type: 'Lunch', caloriesConsumed: 650 };
let event;
for (let attempt = 0; !event && attempt < 50; attempt += 1) {
  const { data } = await run(create, { input });
  assert.equal(data.createActivity.userid, session.userSub);
  const pause = new Promise((resolve) => setTimeout(resolve, 200));
  event = await Promise.race([received, pause]);
}
assert.equal(event.caloriesConsumed, 650);

const refused = await run(create, { input: { ...input, userid: 'another' } }).catch((error) => error);
assert.equal(refused.errors[0].errorType, 'Unauthorized');
console.log('aws-amplify: keys of the identity pool, query, mutation and subscription by IAM');
process.exit(0);
