// Sockets that send one letter of a header every second, and come again when they are let go.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const itself = fileURLToPath(import.meta.url);

/** Holds `count` such sockets until stopped, in a process of its own: whoever asks beside them must not wait for their letters. */
export function holdSlowSockets(url, count) {
  const child = fork(itself, [url, String(count)]);
  return {
    /** Lets go of them and answers what there was of them. */
    async stop() {
      child.send('stop');
      const [figures] = await once(child, 'message');
      child.disconnect();
      await once(child, 'exit');
      return figures;
    },
  };
}

function hold(url, count) {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  let lettersSent = 0;
  let opened = 0;
  let isOver = false;
  const open = () => {
    if (isOver) return;
    const socket = connect(Number(port), hostname);
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('connect', () => socket.write('GET /api/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '));
    socket.once('close', () => {
      sockets.delete(socket);
      // Not at once: a thousand at a time are meant, not as many as the kernel can open.
      if (!isOver) setTimeout(open, 500).unref();
    });
  };
  for (let turn = 0; turn < count; turn += 1) open();
  const timer = setInterval(() => {
    for (const socket of sockets) {
      socket.write('x');
      lettersSent += 1;
    }
  }, 1000);
  return () => {
    const figures = { held: sockets.size, opened, lettersSent };
    isOver = true;
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
    return figures;
  };
}

if (process.argv[1] === itself) {
  const [url, count] = process.argv.slice(2);
  const stop = hold(url, Number(count));
  process.once('message', () => process.send(stop()));
  // The bench ended without a word: so do they.
  process.once('disconnect', () => process.exit());
}
