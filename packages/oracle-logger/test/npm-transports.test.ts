import { createSocket } from 'node:dgram';
import { ecsFormat } from '@elastic/ecs-winston-format';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import ArrayTransport from 'winston-array-transport';
import { Syslog } from 'winston-syslog';
import { recordsOf } from './log-file.js';

describe('transports and formats from npm', () => {
  it('winston-syslog sends redacted records to a syslog server', async () => {
    const server = createSocket('udp4');
    const received: string[] = [];
    server.on('message', (packet) => received.push(packet.toString()));
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    await recordsOf(async (logger) => {
      logger.add(new Syslog({ host: '127.0.0.1', port: server.address().port, protocol: 'udp4' }));
      logger.error('to syslog', { password: 'hunter22' });
      await waitFor(() => received.length > 0);
    });
    server.close();
    expect(received[0]).toContain('to syslog');
    expect(received.join('')).not.toContain('hunter22');
  });

  it('winston-array-transport collects redacted records', async () => {
    const collected: string[] = [];
    await recordsOf(async (logger) => {
      logger.add(new ArrayTransport({ array: collected, json: true }));
      logger.info('collected', { token: 'hunter22' });
      await waitFor(() => collected.length > 0);
    });
    expect(JSON.stringify(collected)).toContain('collected');
    expect(JSON.stringify(collected)).not.toContain('hunter22');
  });

  it('@elastic/ecs-winston-format shapes the lines of the files', async () => {
    const [record] = await recordsOf((logger) => void logger.info('shaped', { api_key: 'hunter22' }), {
      format: ecsFormat(),
    });
    expect(record).toMatchObject({ message: 'shaped', api_key: '[REDACTED]', 'ecs.version': expect.any(String) });
  });
});
