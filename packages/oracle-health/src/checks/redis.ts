import { type Check, defineCheck } from '../check.js';
import { redisDialogue } from '../connection/redis-dialogue.js';
import { HealthError } from '../errors.js';
import { checkSettings, contextFor, type NetworkSettings } from './settings.js';

/** Settings of {@link redisCheck}. */
export interface RedisCheckOptions extends NetworkSettings {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly url: string;
  /** Whether a replica is an `error`. Default false: its role is not asked for. */
  readonly requireWritable?: boolean;
}

/** Redis answers PING on a connection of its own. Called `redis`; critical. */
export function redisCheck(options: RedisCheckOptions): Check {
  const { url, requireWritable = false } = options;
  if (!/^rediss?:\/\/[^/]/.test(url)) {
    throw new HealthError('INVALID_OPTION', 'redisCheck: expected a url that begins with redis:// or rediss://');
  }
  const contextOf = contextFor(options);
  return defineCheck({
    ...checkSettings(options, { name: 'redis' }),
    async run(signal) {
      const { role } = await redisDialogue({ url, askRole: requireWritable }, contextOf(signal));
      if (role === 'slave') return { status: 'error', error: 'READ_ONLY', detail: 'The server is a replica' };
      return { status: 'ok' };
    },
  });
}
