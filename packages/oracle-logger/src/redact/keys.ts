/**
 * What a key's name says of its value: `secret` is hidden whatever it is, `counted` unless it is a number, `likely` only
 * when it looks random, `plain` is only searched for secrets known by their form.
 */
export type Secrecy = 'secret' | 'counted' | 'likely' | 'plain';

/** One word that makes a key secret, wherever it stands, unless the last word says that only a fact about it follows. */
const secretWords = words(
  'password passwords passwd passwort pwd passphrase passcode userpassword masterpassword secret secrets apikey apikeys apisecret appsecret',
  'clientsecret authtoken accesstoken refreshtoken bearertoken privatekey privkey secretkey accesskey signingkey',
  'encryptionkey masterkey mnemonic wif xprv xpriv cookie cookies cookiesecret authorization proxyauthorization auth0secret credential',
  'credentials creds otp totp cvv cvc pin jwt dsn webhookurl sessionid sessid phpsessid jsessionid connectsid csrftoken xsrftoken',
  'kennwort motdepasse mdp senha contrasena haslo wachtwoord psw pswd passw passwrd pword upass userpass psk presharedkey setcookie kubeconfig pincode htpasswd',
);

/** Two words in a row that make a key secret. */
const secretPairs = words(
  'pass_phrase pass_word pass_wd pass_code api_key api_secret app_secret app_key private_key priv_key secret_key secret_access',
  'access_key access_token auth_token auth_key refresh_token bearer_token id_token session_token session_id session_key session_secret csrf_token xsrf_token',
  'bot_token bearer_auth client_secret signing_key signing_secret signature_key sign_key encryption_key encrypt_key cipher_key crypto_key decryption_key master_key root_key',
  'account_key storage_key shared_key shared_secret webhook_secret webhook_url webhook_key hmac_key aes_key rsa_key ssh_key tls_key ssl_key cert_key',
  'host_key deploy_key license_key licence_key service_key server_key write_key read_key ingest_key ingestion_key integration_key routing_key',
  'subscription_key instrumentation_key wallet_key wallet_seed seed_phrase seed_words recovery_phrase recovery_words recovery_code recovery_codes recovery_key backup_code backup_codes backup_phrase',
  'admin_key admin_token user_key user_pass user_pw db_pass db_pw database_pass smtp_pass mail_pass redis_pass root_pass admin_pass sudo_pass login_pass',
  'jwt_key data_key kms_key vault_key vault_token unseal_key consumer_key consumer_secret x_auth set_cookie one_time security_code security_token amz_signature amz_credential',
  'sas_token sas_key connection_string conn_string conn_str basic_auth http_auth npm_token registry_token personal_token pat_token device_token push_token push_key',
  'application_key role_key functions_key client_key ca_key aws_key gcp_key azure_key b2_key openai_key anthropic_key',
  'authentication_token deploy_token private_token root_token service_token internal_token user_token api_token login_token oauth_token job_token',
  'github_token gh_token gitlab_token gl_token slack_token discord_token telegram_token github_pat gh_pat gitlab_pat pypi_token docker_token dockerhub_token',
  'sonar_token codecov_token vercel_token netlify_token heroku_token cloudflare_token digitalocean_token linode_token hcloud_token influx_token grafana_token',
  'databricks_token kube_token consul_token nomad_token jira_token notion_token figma_token mapbox_token hf_token huggingface_token replicate_token fcm_token apns_token',
  'verification_code mfa_code factor_code sms_code login_code auth_code authorization_code otp_code reset_code device_code pairing_code activation_code access_code',
  'reset_token verification_token verify_token invite_token activation_token magic_token remember_token temp_token client_assertion saml_response saml_assertion',
  'snmp_community community_string unseal_keys pin_code mot_passe de_passe redis_auth secret_base http_password',
  'enc_key age_key cli_auth rediscli_auth api_auth link_token registration_token http_token spending_key seed_hex rsa_private private_pem',
  'security_answer security_answers secret_answer art_api honeycomb_team token_aad pm_message stripe_signature',
  'stripe_key sendgrid_key mailgun_key twilio_key twilio_token datadog_key gemini_key mistral_key cohere_key groq_key llm_key telegram_key maps_key',
  'proxy_auth code_verifier oauth_verifier',
  'fernet_key salt_key pepper_key token_secret token_key cookie_secret cookie_key hex_seed master_seed hd_seed wallet_phrase',
);

/** The same as header fields show them: in lower case and without anything in between. */
const joinedPairs: ReadonlySet<string> = new Set([...secretPairs].map((pair) => pair.replace('_', '')));

/** A last word after which the value is a fact about the secret, not the secret. */
const factWords = words(
  'count counts total length len size min max minlength maxlength used limit limits budget rate remaining left enabled disabled required',
  'type types kind name names id ids label version versions policy policies hint status state valid invalid expired expires expiry expiration ttl',
  'at on date time timestamp age interval rounds cost language locale lang lifetime window url uri path file dir folder field fields column header prefix length',
  'host index format scheme algorithm alg method mode provider source strength score rotated rotation updated created changed reset refresh verified present exists missing missed',
  'uses usage price per hash_algorithm encoding consent banner jar domain samesite secure prompt prompts rule rules regex pattern manager store storage service server error errors fingerprint issuer audience tokens',
  'ref refs stdin days hours seconds ms arn exchange in engine engines node nodes cached cache read_input bits attempts tries retries failures',
);

/** A last word after which a number is a count of secrets, and anything else may be one. */
const countWords = words('found detected scanned leaked exposed matched checked skipped revoked');

/** Names that only tell which secret, unless the value looks like one; `secret_santa` is a game. */
const referringNames = words('existing_secret image_pull_secret image_pull_secrets secret_santa');

/** Ends of a key that are secrets only with a value that looks so: every vendor has its `<vendor>_key` or `<x>_token`. */
const likelyLast = words(
  'key keys token tokens pass pw pat sid entropy ticket state_token auth signature sig sign hmac sas crumb sso hash_secret seed salt pepper nonce_key phrase code session code_verifier verifier assertion bearer license private keypair',
);

/** First words of `<x>_key` and `<x>_token` that name something else than a secret. */
const harmlessFirst = words(
  'public pub primary foreign cache sort group partition idempotency row hash index map object lookup composite unique natural surrogate dedup dedupe deduplication',
  'alert message locale translation i18n json yaml xml dict registry range react item list node parent child entry field column table storage bucket s3 blob file record',
  'document doc event topic kafka shard order config property metric label tag series sample job task queue lock page next prev previous continuation cursor resume sync cancel cancellation abort',
  'count total input output prompt completion max min stop special pad eos bos unk mask start end first last current arrow enter escape shift ctrl alt meta tab delete home hot short keyboard',
  'per unexpected invalid unknown decoded first second output reserved bad time s verifying verification verify host_public ssh_public country zip postal area status error exit response http dial currency language source color qr bar product discount promo reason return state op zone region airport',
);

/** A key of a JSON Web Key or of a curve that is secret although it is no word; only as the whole name. */
const secretWholeNames = words('pass pw passwd token auth_pass sk priv nsec bearer csrf xsrf clave parola kek dek');

/** Ends of names in other alphabets. */
const secretInOtherLetters = /(?:пароль|密码|密碼|口令|パスワード|비밀번호)$/;

/** Names of things that only their values tell from secrets: a role's id from a secret's name, a header from its name. */
const doubtfulPairs = words('secret_id auth_header authorization_header');

/** A last word that says nothing new: `tokenValue`. */
const valueWords = words('value string raw plain plaintext bytes hex');

/** First words of `<x>_pass` that make it a turn, a filter or a ticket; any other pass is a password. */
const harmlessPass = words(
  'first second third last next single one two multi multiple double low high band all render test tests boarding season day guest bus rail hall shader depth shadow forward lighting compiler optimization llvm proxy by sur tres over under com',
);

/** Names written in one word, as header fields are once they are in lower case. */
const runTogether =
  /(?:(?:db|user|admin|root|bind|new|old|key|store|ssh|pg|login|mail|smtp|ftp)(?:pwd|pass|pw)|password|passwd|passphrase|secret|credentials?|apikey|mnemonic|connectionstring|(?:basic|http|proxy)auth|(?:wallet|hd|master)seed|(?:secret|access|private|signing|encryption|master|session|auth|account|storage|shared|routing|integration|subscription|license|deploy|service|ssh|aes|hmac|rsa|tls|ssl|unseal|server|client|host)key|(?:access|auth|oauth|bearer|refresh|session|bot|api|id|security|user|service|private|admin|reset)token)(?:hash|hex|pem|base64|b64|confirmation|confirm)?$/;

/** What is more than this long is not looked up by name. */
const longestName = 128;

/** How the names of a caller's own options join the built-in ones. */
export interface KeyRules {
  /** Names that are secret besides the built-in ones. */
  readonly keys?: readonly string[];
  /** Names that are never secret. */
  readonly keep?: readonly string[];
}

/** Builds the judge of key names. */
export function createKeyJudge(rules: KeyRules = {}): (key: string) => Secrecy {
  const always = new Set((rules.keys ?? []).map(normalise));
  const never = new Set((rules.keep ?? []).map(normalise));
  return (key) => {
    if (key.length > longestName) return 'plain';
    const parts = splitWords(key);
    const name = parts.join('_');
    if (never.has(name)) return 'plain';
    if (always.has(name)) return 'secret';
    return judge(parts, name);
  };
}

function judge(parts: readonly string[], name: string): Secrecy {
  if (parts.length === 0) return 'plain';
  if (secretInOtherLetters.test(name)) return 'secret';
  const last = parts.at(-1) ?? '';
  if (secretWholeNames.has(name)) return 'secret';
  if (referringNames.has(name)) return 'likely';
  if (countWords.has(last))
    return judge(parts.slice(0, -1), parts.slice(0, -1).join('_')) === 'secret' ? 'counted' : 'plain';
  const lastTwo = `${parts.at(-2) ?? ''}_${last}`;
  if (doubtfulPairs.has(lastTwo)) return 'likely';
  if (factWords.has(last) && !secretPairs.has(lastTwo)) return 'plain';
  const joined = parts.join('');
  if (secretWords.has(joined)) return 'secret';
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    if (secretWords.has(part)) return 'secret';
    if (index > 0 && secretPairs.has(`${parts[index - 1] ?? ''}_${part}`)) return 'secret';
  }
  if (runTogether.test(last) || (parts.length === 1 && joinedPairs.has(name))) return 'secret';
  if ((last === 'pass' || last === 'pw') && !harmlessPass.has(parts.at(-2) ?? '')) return 'secret';
  if (parts.length > 1 && valueWords.has(last)) {
    return judge(parts.slice(0, -1), parts.slice(0, -1).join('_')) === 'plain' ? 'plain' : 'likely';
  }
  if (!likelyLast.has(last)) return last.endsWith('token') ? 'likely' : 'plain';
  const first = parts.at(-2);
  return first !== undefined && harmlessFirst.has(first) ? 'plain' : 'likely';
}

function normalise(key: string): string {
  return splitWords(key).join('_');
}

/** `dbPassword2`, `DB-PASSWORD`, `db.password` → db, password; `k8sToken` → k8s, token. */
export function splitWords(key: string): readonly string[] {
  return (
    withoutAccents(key)
      .replace(/([a-z])([A-Z])|(\d)([A-Z][a-z])/g, '$1$3_$2$4')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
      .toLowerCase()
      .match(
        /(?<![a-z])[a-z]\d[a-z](?![a-z])|[a-z]+|\d+(?=[a-z])|[\u0400-\u04ff]+|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+/g,
      ) ?? []
  );
}

function withoutAccents(key: string): string {
  // oxlint-disable-next-line no-control-regex -- everything beyond ASCII is meant
  return /^[\0-\x7f]*$/.test(key)
    ? key
    : key
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replace(/[łŁ]/g, 'l')
        .normalize('NFC');
}

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '));
}
