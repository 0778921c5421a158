// A crowd of pollers on plain sockets, in a process of its own: the request is bytes made once and of the answer only
// its length is read, so that the client's work does not count as the server's. Prints its findings as one line of JSON.
import { connect } from 'node:net';

const [port, callers, mode, amount] = process.argv
  .slice(2)
  .map((word) => (Number.isNaN(Number(word)) ? word : Number(word)));
const request = Buffer.from('GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
const pollers = await Promise.all(Array.from({ length: callers }, open));
const findings = mode === 'bursts' ? await bursts(amount) : await crowd(amount);
for (const { socket } of pollers) socket.destroy();
process.stdout.write(`${JSON.stringify(findings)}\n`);

/** All ask at once, once a second; milliseconds from an asker's own write to the last byte of its answer. */
async function bursts(count) {
  const rounds = [];
  for (let round = 0; round < count; round += 1) {
    const startedAt = performance.now();
    rounds.push(await Promise.all(pollers.map((poller) => poller.ask())));
    if (round + 1 < count) await new Promise((resolve) => setTimeout(resolve, 1_000 - (performance.now() - startedAt)));
  }
  const [p50s, p99s, p100s] = [0.5, 0.99, 1].map((share) => rounds.map((latencies) => percentile(latencies, share)));
  return { p50s, p99s, p100s };
}

/** Everyone asks again as soon as it was answered. */
async function crowd(seconds) {
  const startedAt = performance.now();
  let answers = 0;
  let good = 0;
  await Promise.all(
    pollers.map(async (poller) => {
      while (performance.now() - startedAt < seconds * 1_000) {
        await poller.ask();
        answers += 1;
        if (poller.status() === 200) good += 1;
      }
    }),
  );
  return { perSecond: answers / ((performance.now() - startedAt) / 1_000), goodShare: good / answers };
}

function open() {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let text = '';
    let status = 0;
    let answered = () => undefined;
    socket.setEncoding('latin1');
    socket.on('data', (part) => {
      text += part;
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      status = Number(text.slice(9, 12));
      text = '';
      answered();
    });
    socket.on('error', reject);
    socket.on('close', () => answered());
    const ask = () =>
      new Promise((done) => {
        const startedAt = performance.now();
        answered = () => done(performance.now() - startedAt);
        socket.write(request);
      });
    socket.once('connect', () => resolve({ socket, ask, status: () => status }));
  });
}

function percentile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1];
}
