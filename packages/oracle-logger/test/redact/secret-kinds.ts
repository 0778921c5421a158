import { mnemonicWords } from '../../src/redact/mnemonic-words.js';
import { alnum, base58, base64, base64url, digits, hex, lower, type Random, upper } from './random.js';

/** One secret with what must not be found of it afterwards. */
export interface Secret {
  /** As it stands in texts; a connection string is one with its password. */
  readonly text: string;
  /** Parts that must be gone. */
  readonly probes: readonly string[];
  /** Parts that must stay: hosts, database names. */
  readonly keep?: readonly string[];
}

/** A kind of secret: known by its own form, or only by the name of the key before it. */
export interface SecretKind {
  readonly name: string;
  readonly known: 'by form' | 'by key';
  readonly keys: readonly string[];
  make(random: Random): Secret;
}

const plain = (text: string): Secret => ({
  text,
  probes: text.startsWith('https:') ? [text.slice(-12)] : [text.slice(8, 22), text.slice(-12)],
});

const token = (name: string, keys: string, make: (random: Random) => string): SecretKind => ({
  name,
  known: 'by form',
  keys: keys.split(' '),
  make: (random) => plain(make(random)),
});

const keyed = (name: string, keys: string, make: (random: Random) => string): SecretKind => ({
  name,
  known: 'by key',
  keys: keys.split(' '),
  make: (random) => {
    const text = make(random);
    return { text, probes: [text] };
  },
});

const connection = (
  name: string,
  keys: string,
  make: (password: string) => string,
  keep: readonly string[],
): SecretKind => ({
  name,
  known: 'by form',
  keys: keys.split(' '),
  make: (random) => {
    const secret = password(random);
    return { text: make(secret), probes: [secret], keep };
  },
});

const password = (r: Random) => r.text(alnum, 6) + r.pick(['!', '.', '~', '*', '']) + r.text(alnum, 7) + r.below(100);

/** What keyboards have beside letters and digits. */
const signs = '!#$%^*?@~+=:/|{[(.-_<&,;)]}>';

/** Passwords as generators make them: every printable character in every place, blanks between. */
const printable = (r: Random) => {
  const all = `${alnum}${signs}${signs}"'\`\\ `;
  return `${r.text(signs + alnum, 1)}${r.text(all, 10)}${r.text(alnum, 4)}${r.text(digits, 1)}`;
};

const lines = (r: Random, count: number) => Array.from({ length: count }, () => r.text(base64, 64)).join('\n');

const block = (label: string) =>
  token(label, 'PRIVATE_KEY privateKey ssh_private_key', (r) => {
    const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
    return `${begin}\n${lines(r, 4)}\n${end}`;
  });

const wordList = [...mnemonicWords];

const words = (r: Random, count: number) => Array.from({ length: count }, () => r.pick(wordList)).join(' ');

const uuid = (r: Random) => [8, 4, 4, 4, 12].map((length) => r.text(hex, length)).join('-');

const dashed = (prefix: string, alphabet: string, length: number) => (r: Random) => prefix + r.text(alphabet, length);

/** Prefixes are put together here, so that no literal in this file looks like a key. */
const p = (...parts: readonly string[]) => parts.join('');

export const secretKinds: readonly SecretKind[] = [
  // Language models
  token('anthropic', 'ANTHROPIC_API_KEY x-api-key', (r) => `${p('sk-', 'ant-api03-')}${r.text(base64url, 93)}AA`),
  token('anthropic admin', 'ANTHROPIC_ADMIN_KEY', (r) => `${p('sk-', 'ant-admin01-')}${r.text(base64url, 93)}AA`),
  token('openai legacy', 'OPENAI_API_KEY', dashed('sk-', alnum, 48)),
  token('openai project', 'OPENAI_API_KEY', dashed(p('sk-', 'proj-'), base64url, 120)),
  token('openai service', 'openaiKey', dashed(p('sk-', 'svcacct-'), base64url, 120)),
  token('openrouter', 'OPENROUTER_API_KEY', dashed(p('sk-', 'or-v1-'), hex, 64)),
  token('groq', 'GROQ_API_KEY', dashed('gsk_', alnum, 52)),
  token('hugging face', 'HF_TOKEN', dashed('hf_', lower + upper, 34)),
  token('replicate', 'REPLICATE_API_TOKEN', dashed('r8_', alnum, 37)),
  token('perplexity', 'PPLX_API_KEY', dashed('pplx-', alnum, 48)),
  token('xai', 'XAI_API_KEY', dashed('xai-', alnum, 80)),
  token('google ai', 'GEMINI_API_KEY google_api_key', dashed(p('AI', 'za'), base64url, 35)),
  keyed('mistral', 'MISTRAL_API_KEY mistralApiKey', (r) => r.text(alnum, 32)),
  keyed('cohere', 'CO_API_KEY cohere-api-key', (r) => r.text(alnum, 40)),
  // Clouds
  token('aws access key id', 'AWS_ACCESS_KEY_ID accessKeyId', dashed(p('AK', 'IA'), upper + digits, 16)),
  token('aws temporary key id', 'AWS_ACCESS_KEY_ID', dashed(p('AS', 'IA'), upper + digits, 16)),
  keyed('aws secret access key', 'AWS_SECRET_ACCESS_KEY secretAccessKey', (r) => r.text(base64, 40)),
  token('aws session token', 'AWS_SESSION_TOKEN', dashed(p('IQoJb3', 'JpZ2lu'), alnum, 300)),
  token('google oauth access', 'access_token', dashed(p('ya', '29.'), base64url, 120)),
  token('google client secret', 'client_secret', dashed(p('GOC', 'SPX-'), base64url, 28)),
  token('azure client secret', 'AZURE_CLIENT_SECRET', (r) => `${r.text(alnum, 3)}8Q~${r.text(alnum, 34)}`),
  keyed('azure storage key', 'AccountKey AZURE_STORAGE_KEY', (r) => `${r.text(base64, 86)}==`),
  token('digitalocean', 'DO_TOKEN', dashed(p('dop', '_v1_'), hex, 64)),
  token('vault', 'VAULT_TOKEN', dashed('hvs.', base64url, 90)),
  token('terraform cloud', 'TFE_TOKEN', (r) => `${r.text(alnum, 14)}.atlasv1.${r.text(base64url, 67)}`),
  token('databricks', 'DATABRICKS_TOKEN', dashed('dapi', hex, 32)),
  token('alibaba', 'ALIBABA_ACCESS_KEY_ID', dashed('LTAI', alnum, 20)),
  token('grafana service account', 'GRAFANA_TOKEN', (r) => `${p('gl', 'sa_')}${r.text(alnum, 32)}_${r.text(hex, 8)}`),
  keyed('datadog', 'DD_API_KEY DATADOG_APP_KEY', (r) => r.text(hex, 32)),
  token('new relic', 'NEW_RELIC_API_KEY', dashed('NRAK-', upper + digits, 27)),
  // Source hosts and registries
  token('github classic', 'GITHUB_TOKEN', dashed(p('gh', 'p_'), alnum, 36)),
  token('github app', 'GH_TOKEN', dashed(p('gh', 's_'), alnum, 36)),
  token(
    'github fine-grained',
    'githubToken',
    (r) => `${p('github', '_pat_')}${r.text(alnum, 22)}_${r.text(alnum, 59)}`,
  ),
  token('gitlab', 'GITLAB_TOKEN private-token', dashed(p('gl', 'pat-'), base64url, 20)),
  token('npm', 'NPM_TOKEN', dashed('npm_', alnum, 36)),
  token('pypi', 'PYPI_TOKEN', dashed(p('py', 'pi-'), base64url, 160)),
  token('docker hub', 'DOCKER_PAT', dashed(p('dckr', '_pat_'), base64url, 27)),
  token('atlassian', 'JIRA_API_TOKEN', dashed(p('ATA', 'TT3'), base64url, 180)),
  // Chat and paging
  token(
    'slack bot',
    'SLACK_BOT_TOKEN',
    (r) => `${p('xo', 'xb-')}${r.text(digits, 12)}-${r.text(digits, 12)}-${r.text(alnum, 24)}`,
  ),
  token(
    'slack app',
    'SLACK_APP_TOKEN',
    (r) => `${p('xa', 'pp-')}1-A${r.text(upper, 10)}-${r.text(digits, 13)}-${r.text(hex, 64)}`,
  ),
  token(
    'slack webhook',
    'SLACK_WEBHOOK_URL',
    (r) => `https://hooks.slack.com/services/T${r.text(upper, 8)}/B${r.text(upper, 8)}/${r.text(alnum, 24)}`,
  ),
  token('discord bot', 'DISCORD_TOKEN', (r) => `M${r.text(alnum, 25)}.${r.text(alnum, 6)}.${r.text(base64url, 38)}`),
  token(
    'discord webhook',
    'DISCORD_WEBHOOK_URL',
    (r) => `https://discord.com/api/webhooks/${r.text(digits, 18)}/${r.text(base64url, 68)}`,
  ),
  token(
    'telegram bot',
    'NPS_BOT_TOKEN botToken',
    (r) => `${1 + r.below(9)}${r.text(digits, 9)}:AA${r.text(base64url, 33)}`,
  ),
  {
    name: 'telegram address',
    known: 'by form',
    keys: ['TELEGRAM_URL'],
    make: (r) => {
      const secret = `${1 + r.below(9)}${r.text(digits, 9)}:AA${r.text(base64url, 33)}`;
      return { text: `https://api.telegram.org/bot${secret}/sendMessage`, probes: [secret.slice(12, 30)] };
    },
  },
  keyed('pagerduty routing key', 'PAGERDUTY_ROUTING_KEY integration_key', (r) => r.text(hex, 32)),
  // Mail and payment
  token('sendgrid', 'SENDGRID_API_KEY', (r) => `SG.${r.text(base64url, 22)}.${r.text(base64url, 43)}`),
  token('mailgun', 'MAILGUN_API_KEY', dashed('key-', hex, 32)),
  token('mailchimp', 'MAILCHIMP_API_KEY', (r) => `${r.text(hex, 32)}-us${1 + r.below(20)}`),
  token('brevo', 'BREVO_API_KEY', (r) => `xkeysib-${r.text(hex, 64)}-${r.text(alnum, 16)}`),
  token('stripe secret', 'STRIPE_SECRET_KEY', dashed(p('sk', '_live_'), alnum, 24)),
  token('stripe restricted', 'STRIPE_KEY', dashed(p('rk', '_live_'), alnum, 24)),
  token('stripe webhook', 'STRIPE_WEBHOOK_SECRET', dashed('whsec_', alnum, 32)),
  token('square', 'SQUARE_ACCESS_TOKEN', dashed(p('EA', 'AA'), base64url, 60)),
  token('shopify', 'SHOPIFY_TOKEN', dashed(p('shp', 'at_'), hex, 32)),
  token('twilio api key', 'TWILIO_API_KEY', dashed('SK', hex, 32)),
  keyed('twilio auth token', 'TWILIO_AUTH_TOKEN authToken', (r) => r.text(hex, 32)),
  // Open formats
  token(
    'jwt',
    'token idToken',
    (r) => `eyJ${r.text(base64url, 33)}.eyJ${r.text(base64url, 90)}.${r.text(base64url, 43)}`,
  ),
  token('bearer', 'Authorization', (r) => `Bearer ${r.text(base64url, 40)}`),
  token('basic', 'Proxy-Authorization', (r) => `Basic ${Buffer.from(`svc:${r.text(alnum, 24)}`).toString('base64')}`),
  keyed('cookie header', 'Cookie cookie', (r) => `sid=${r.text(alnum, 32)}`),
  keyed('session secret', 'SESSION_SECRET sessionSecret', (r) => r.text(hex, 64)),
  keyed('csrf token', 'X-CSRF-Token xsrf_token', (r) => r.text(base64url, 32)),
  // Private keys
  block('PRIVATE KEY'),
  block('RSA PRIVATE KEY'),
  block('EC PRIVATE KEY'),
  block('ENCRYPTED PRIVATE KEY'),
  block('OPENSSH PRIVATE KEY'),
  block('PGP PRIVATE KEY BLOCK'),
  token('wif compressed', 'wif', (r) => `${r.pick(['K', 'L'])}${r.text(base58, 51)}`),
  token('wif', 'WALLET_KEY', (r) => `5${r.text(base58, 50)}`),
  token('extended private key', 'xprv', (r) => `xprv9${r.text(base58, 106)}`),
  token('encrypted wallet key', 'BIP38_KEY', (r) => `6P${r.text(base58, 56)}`),
  keyed('hex private key', 'PRIVATE_KEY privateKey wallet_private_key', (r) => `0x${r.text(hex, 64)}`),
  token('mnemonic 12', 'mnemonic', (r) => words(r, 12)),
  token('mnemonic 24', 'seed_phrase recoveryPhrase', (r) => words(r, 24)),
  token('age key', 'AGE_KEY', dashed(p('AGE-SECRET', '-KEY-1'), upper + digits, 58)),
  // Connections
  connection('postgres address', 'DATABASE_URL', (s) => `postgres://nps:${s}@db-1.internal:5432/nps`, [
    'db-1.internal',
  ]),
  connection('mysql address', 'MYSQL_URL', (s) => `mysql://root:${s}@10.2.3.4:3306/app?charset=utf8`, ['10.2.3.4']),
  connection('mongodb address', 'MONGO_URL', (s) => `mongodb+srv://app:${s}@cluster0.example.net/nps`, [
    'cluster0.example.net',
  ]),
  connection('redis address', 'REDIS_URL', (s) => `redis://:${s}@cache:6379/0`, ['cache:6379']),
  connection('amqp address', 'AMQP_URL', (s) => `amqps://svc:${s}@mq.prod.svc:5671/vhost`, ['mq.prod.svc']),
  connection('proxy address', 'HTTPS_PROXY', (s) => `http://user:${s}@proxy.local:3128`, ['proxy.local']),
  connection('git remote', 'GIT_REMOTE', (s) => `https://ci:${s}@git.example.com/nps/oracle.git`, ['git.example.com']),
  connection('postgres words', 'PG_DSN', (s) => `host=pg.prod.svc user=nps password=${s} dbname=nps`, [
    'pg.prod.svc',
    'dbname=nps',
  ]),
  connection('ado words', 'CONNECTION', (s) => `Server=sql.local;User Id=sa;Password=${s};Database=nps`, [
    'sql.local',
    'Database=nps',
  ]),
  {
    name: 'address with an escaped password',
    known: 'by form',
    keys: ['DATABASE_URL'],
    make: (r) => {
      const parts = [r.text(alnum, 6), r.text(alnum, 6), `${r.text(alnum, 6)}7`];
      const secret = parts.join(r.pick(['@', '/', ':', '#', '?', '%']));
      return {
        text: `postgres://nps:${encodeURIComponent(secret)}@db-1.internal:5432/nps`,
        probes: parts,
        keep: ['db-1.internal'],
      };
    },
  },
  connection(
    'jdbc address',
    'JDBC_URL',
    (s) => `jdbc:postgresql://pg.prod.svc:5432/nps?user=app&password=${s}&ssl=true`,
    ['pg.prod.svc', 'ssl=true'],
  ),
  connection(
    'signed address',
    'DOWNLOAD',
    (s) => `https://b.s3.amazonaws.com/r.csv?X-Amz-Expires=900&X-Amz-Signature=${s}${s}`,
    ['r.csv'],
  ),
  // Passwords
  keyed('password', 'password db_password PGPASSWORD userPassword pwd', password),
  keyed('password of any characters', 'password DB_PASSWORD userPassword secret', printable),
  keyed('service key of any characters', 'stripeKey GEMINI_KEY twilioToken telegram-key', printable),
  keyed('proof of any characters', 'code_verifier codeVerifier oauth_verifier proxyAuth', printable),
  keyed('function key', 'AZURE_FUNCTION_KEY function-key', (r) => r.text(base64url, 52)),
  keyed('pepper', 'pepper', (r) => r.text(hex, 48)),
  keyed('master password of any characters', 'NPS_MASTER_PASSWORD npsMasterPassword', printable),
  keyed('password with a sign first', 'password SMTP_PASS dbPwd', (r) => r.text(signs, 1) + password(r)),
  keyed(
    'password with a sign inside',
    'password rootpw adminPwd MYSQL_PWD',
    (r) => r.text(alnum, 5) + r.text(`${signs}"'\``, 1) + r.text(alnum, 8),
  ),
  keyed(
    'pass-phrase with blanks',
    'NPS_MASTER_PASSWORD passphrase',
    (r) => `${r.text(lower, 5)} ${r.text(alnum, 7)}7 ${r.text(lower, 6)}`,
  ),
  keyed('password under other names', 'dbpwd keypass newpass mdp haslo psw VAULT_PASSWD', password),
  keyed('token under other names', 'k8s-token CONSUL_HTTP_TOKEN VAULT_SECRET_ID token_value', (r) => r.text(alnum, 32)),
  keyed('master password', 'NPS_MASTER_PASSWORD npsMasterPassword', password),
  keyed('encryption key', 'ENCRYPTION_KEY encryptionKey', (r) => r.text(base64, 44)),
  keyed('api key uuid', 'api_key x-api-key apiKey', uuid),
  keyed('client secret', 'client_secret OIDC_CLIENT_SECRET', (r) => r.text(`${alnum}~.-_`, 38)),
  keyed('pass-phrase', 'SIGNING_PASSPHRASE sshPassphrase', (r) => words(r, 5).replaceAll(' ', '-')),
];
