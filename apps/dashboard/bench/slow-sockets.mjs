// Sockets that send one letter of a header every second, and come again when they are let go.
import { connect } from 'node:net';

/** Holds `count` such sockets until stopped. */
export function holdSlowSockets(url, count) {
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
  return {
    figures: () => ({ held: sockets.size, opened, lettersSent }),
    stop() {
      isOver = true;
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}
