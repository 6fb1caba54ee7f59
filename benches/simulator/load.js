// The load of compare.py: one job as JSON on standard input, its figures as JSON on standard output. Independent of the server.
// It sends HTTP on bare sockets, one request at a time on each, so that the load uses little of the shared processor.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const WebSocket = require('ws');

const job = JSON.parse(fs.readFileSync(0, 'utf8'));
const url = new URL(job.endpoint);
const now = () => performance.now();

// The client's own operations.
const operation = (name) => fs.readFileSync(path.join(__dirname, '../../graphql/operations', `${name}.graphql`), 'utf8');
const CREATE = operation('CreateActivity');
const LIST = operation('ListActivitiesByDate');
const KCAL = 10;

class Client {
  static open() {
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(url.port), url.hostname, () => resolve(new Client(socket)));
      socket.setNoDelay(true).once('error', reject);
    });
  }

  constructor(socket) {
    this.socket = socket;
    this.head = `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: ${job.token}\r\nContent-Type: application/json\r\nContent-Length: `;
    this.received = [];
    this.missing = null;
    socket.on('data', (part) => this.take(part));
    socket.once('close', () => this.fail?.(new Error('the connection was closed')));
  }

  ask(query, variables) {
    const body = JSON.stringify({ query, variables });
    return new Promise((resolve, reject) => {
      this.done = resolve;
      this.fail = reject;
      this.socket.write(`${this.head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  take(part) {
    this.received.push(part);
    if (this.missing === null) {
      const all = Buffer.concat(this.received);
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /\r\ncontent-length: *(\d+)/i.exec(all.latin1Slice(0, end));
      if (!length) return this.fail(new Error(`no length: ${all.latin1Slice(0, end)}`));
      this.received = [all.subarray(end + 4)];
      this.missing = Number(length[1]) - (all.length - end - 4);
    } else {
      this.missing -= part.length;
    }
    if (this.missing > 0) return;
    const text = Buffer.concat(this.received).toString();
    this.received = [];
    this.missing = null;
    this.fail = null;
    this.done(JSON.parse(text));
  }

  async create(id, at) {
    const creationDateTime = new Date(at).toISOString();
    const input = { id, userid: job.user, category: 'Food', type: 'Lunch', caloriesConsumed: KCAL, date: job.date, creationDateTime, name: 'load' };
    const answer = await this.ask(CREATE, { input });
    if (answer.data?.createActivity?.id !== id) throw new Error(JSON.stringify(answer));
  }

  // Ids of all entries of a day.
  async stored(date) {
    const ids = [];
    for (let nextToken; nextToken !== null; ) {
      const answer = await this.ask(LIST, { date, limit: 1000, nextToken });
      if (!answer.data?.listActivitiesByDate) throw new Error(JSON.stringify(answer));
      ids.push(...answer.data.listActivitiesByDate.items.map((item) => item.id));
      nextToken = answer.data.listActivitiesByDate.nextToken;
    }
    return ids;
  }
}

// Calls `received` with each event of a subscription; resolves once the subscription is acknowledged.
function subscribe(name, received) {
  const authorization = { Authorization: job.token, host: url.host };
  const header = encodeURIComponent(Buffer.from(JSON.stringify(authorization)).toString('base64'));
  const socket = new WebSocket(`ws://${url.host}/graphql/realtime?header=${header}&payload=e30=`, 'graphql-ws', { perMessageDeflate: false });
  const data = JSON.stringify({ query: operation(name), variables: { userid: job.user } });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (text) => {
      const message = JSON.parse(text);
      if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'start', payload: { data, extensions: { authorization } } }));
      else if (message.type === 'start_ack') resolve(socket);
      else if (message.type === 'data') received(Object.values(message.payload.data)[0]);
      else if (message.type !== 'ka') reject(new Error(String(text)));
    });
  });
}

// Seconds of a core that processes have used (user and system, at the usual 100 ticks a second).
function cpuSeconds(pids) {
  const fields = (pid) => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ');
  return pids.reduce((sum, pid) => sum + (Number(fields(pid)[11]) + Number(fields(pid)[12])) / 100, 0);
}

function percentiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p95: at(0.95) };
}

// `job.clients` clients, each creating one entry after the other for `job.seconds`, while a subscriber receives the totals.
async function creates() {
  const clients = await Promise.all(Array.from({ length: job.clients }, () => Client.open()));
  const totals = { count: 0, complete: null, wanted: Infinity };
  const socket = await subscribe('OnUpdateUserAggregate', (total) => {
    if (total.date !== job.date) return;
    totals.count += 1;
    totals.booked = Math.max(totals.booked ?? 0, total.caloriesConsumed);
    totals.at = now();
    if (totals.booked >= totals.wanted) totals.complete?.();
  });
  const acknowledged = [];
  const times = [];
  const noon = Date.parse(`${job.date}T12:00:00Z`);
  const cpu = [process.cpuUsage(), cpuSeconds(job.pids), cpuSeconds(job.others)];
  const started = now();
  const end = started + job.seconds * 1000;
  await Promise.all(
    clients.map(async (client) => {
      for (let before = now(); before < end && acknowledged.length < job.most; ) {
        const id = crypto.randomUUID();
        await client.create(id, noon + acknowledged.length);
        acknowledged.push(id);
        const after = now();
        times.push(after - before);
        before = after;
      }
    }),
  );
  const stopped = now();
  const used = process.cpuUsage(cpu[0]);
  const others = cpuSeconds(job.others) - cpu[2];
  totals.wanted = acknowledged.length * KCAL;
  if (job.totals && !(totals.booked >= totals.wanted)) {
    await Promise.race([new Promise((resolve) => (totals.complete = resolve)), new Promise((resolve) => setTimeout(resolve, 60_000))]);
  }
  // For the box: the time from the last acknowledgement until a subscriber has the total of all entries.
  const lag = totals.booked === totals.wanted ? Math.max(0, totals.at - stopped) : null;
  return {
    acknowledged: acknowledged.length,
    seconds: (stopped - started) / 1000,
    generator: (used.user + used.system) / 1e3 / (stopped - started),
    // Includes the servers' work after the last acknowledgement.
    cpu: cpuSeconds(job.pids) - cpu[1],
    others,
    ...percentiles(times),
    totals: { events: totals.count, lag },
    finish: async () => {
      socket.terminate();
      const found = new Set(await clients[0].stored(job.date));
      const aggregate = await clients[0].ask('query A($u: String!, $d: String!) { getUserAggregate(userid: $u, date: $d) { caloriesConsumed } }', { u: job.user, d: job.date });
      const missing = acknowledged.filter((id) => !found.has(id)).length;
      return { stored: found.size, missing, aggregate: aggregate.data.getUserAggregate?.caloriesConsumed ?? null };
    },
  };
}

// A day of 40 entries with its totals, and one entry by its id, `job.count` times each.
async function queries() {
  const client = await Client.open();
  const noon = Date.parse(`${job.date}T12:00:00Z`);
  for (let i = 0; i < 40; i += 1) await client.create(crypto.randomUUID(), noon + i);
  const [id] = await client.stored(job.date);
  const time = async (query, variables, right) => {
    const times = [];
    for (let i = 0; i < job.count; i += 1) {
      const before = now();
      const { data } = await client.ask(query, variables);
      times.push(now() - before);
      if (!right(data)) throw new Error(JSON.stringify(data));
    }
    return percentiles(times);
  };
  const day = { date: job.date, userid: job.user, limit: 100 };
  return {
    day: await time(operation('Day'), day, (data) => data.listActivitiesByDate.items.length === 40),
    entry: await time(operation('GetActivity'), { id }, (data) => data.getActivity.id === id),
  };
}

// `job.count` creates, one after the other, each received by a subscriber before the next.
async function events() {
  const client = await Client.open();
  const waiting = new Map();
  await subscribe('OnCreateActivity', (entry) => waiting.get(entry?.id)?.(now()));
  const noon = Date.parse(`${job.date}T12:00:00Z`);
  const sent = [];
  const acknowledged = [];
  for (let i = 0; i < job.count; i += 1) {
    const id = crypto.randomUUID();
    const received = new Promise((resolve) => waiting.set(id, resolve));
    const before = now();
    const answered = client.create(id, noon + i).then(now);
    const [answer, event] = await Promise.all([answered, received]);
    sent.push(event - before);
    acknowledged.push(event - answer);
  }
  return { sent: percentiles(sent), acknowledged: percentiles(acknowledged) };
}

// All entries of `job.dates`.
async function count() {
  const client = await Client.open();
  let stored = 0;
  for (const date of job.dates) stored += (await client.stored(date)).length;
  return { stored };
}

const done = { creates, queries, events, count }[job.kind]().then(async ({ finish, ...figures }) => ({ ...figures, ...(await finish?.()) }));
done.then(
  (figures) => process.stdout.write(JSON.stringify(figures), () => process.exit(0)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
