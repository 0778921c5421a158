/**
 * Secrets that are known by their form alone, wherever they stand: prefixes and lengths as the vendors publish them
 * (their own documentation, GitHub's list of secret scanning partners, the gitleaks and secretlint rule sets).
 * Each pattern is linear: no quantifier over something that can match the same text in two ways.
 */
const prefixed: readonly string[] = [
  // Language models
  'sk-(?=[\\w-]{0,200}?[\\dA-Z])[\\w-]{16,}',
  'gsk_[A-Za-z\\d]{20,}',
  '(?:hf_|api_org_)[A-Za-z\\d]{30,}',
  '(?:r8_|fw_|nvapi-|pplx-|xai-|csk-|tvly-|jina_|pcsk_|lsv2_[a-z]{2}_|pa-)[\\w-]{28,}',
  'dapi[a-f\\d]{32}(?:-\\d)?',
  // Clouds
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z\\d]{16}(?![A-Za-z\\d])',
  '(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|AQoDYXdz|ABSK)[\\w+/=%-]{40,}',
  'AIza[\\w-]{35}',
  'ya29\\.[\\w-]{20,}',
  'GOCSPX-[\\w-]{20,}',
  '1//0[\\w-]{30,}',
  '[\\w~.-]{3}\\dQ~[\\w~.-]{31,34}',
  '[A-Za-z\\d+/]{30,64}(?:AzFu|AzSe|ACDb|AStS|AIoT|\\+ASb|\\+AEh|\\+ACR|APIM|JQQJ99)[A-Za-z\\d+/]{5,64}={0,2}',
  'do[opr]_v1_[a-f\\d]{64}',
  'HRKU-[\\w-]{30,}',
  'fm[12][ar]?_[\\w+/=,-]{40,}|fo1_[\\w-]{40,}',
  'hv[sbr]\\.[\\w-]{20,}',
  's\\.[A-Za-z\\d]{24}(?![A-Za-z\\d.])',
  '[A-Za-z\\d]{14}\\.atlasv1\\.[\\w-]{60,}',
  '(?:pul-[a-f\\d]{40}|nfp_\\w{36,}|vc[a-z]_\\w{24,}|sbp_[a-f\\d]{40}|sb_secret_[\\w-]{20,}|pscale_(?:tkn|pw|oauth)_[\\w.-]{30,}|napi_\\w{40,})',
  'dp\\.(?:pt|st|sa|ct|scim|audit)\\.[\\w.-]{40,}',
  '(?:LTAI[A-Za-z\\d]{12,20}|AKID[A-Za-z\\d]{28,36}|SCW[A-Z\\d]{17})(?![A-Za-z\\d])',
  '(?:y[0-3]_[\\w-]{50,}|AQVN[\\w-]{35,38}|t1\\.[\\w-]{40,}\\.[\\w-]{60,})',
  // Observability
  '(?:glsa_\\w{32}_[a-f\\d]{8}|glc_[\\w+/=]{32,}|eyJrIjoi[\\w+/=]{30,})',
  'NR(?:AK|II|JS|RA|AL|AQ|SP)-[\\w-]{20,}',
  '(?:sntrys_|sntryu_)[\\w+/=-]{40,}',
  '(?:hc[abx]ik_\\w{40,}|phx_\\w{40,}|dt0[a-z]\\d{2}\\.[A-Z\\d]{24}\\.[A-Z\\d]{64})',
  '(?:sdk|mob|api)-[a-f\\d]{8}-[a-f\\d]{4}-[a-f\\d]{4}-[a-f\\d]{4}-[a-f\\d]{12}',
  // Source hosts, registries, build services
  'gh[pousr]_[A-Za-z\\d]{30,}',
  'github_pat_\\w{40,}',
  'gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct|rtr|wt)-[\\w.-]{20,}',
  'GR1348941[\\w-]{20,}',
  '(?:ATBB[A-Za-z\\d]{24,}|AT[A-Z]{2,3}T3[\\w=-]{50,})',
  'npm_[A-Za-z\\d]{36}',
  'pypi-[\\w-]{50,}',
  'rubygems_[a-f\\d]{48}',
  'oy2[a-z\\d]{43}',
  'cio[A-Za-z\\d]{32}(?![A-Za-z\\d])',
  'dckr_[a-z]{3}_[\\w-]{20,}',
  '(?:packagist_\\w{20,}|CLOJARS_[a-z\\d]{60})',
  '(?:CCIPAT_\\w{20,}|bku[a-z]_[a-f\\d]{40}|sq[upa]_[a-f\\d]{40}|AKCp\\w{50,}|cmVmdGtuOj\\w{40,})',
  'PMAK-[a-f\\d]{24}-[a-f\\d]{34}',
  // Work tools
  '(?:figd_[\\w-]{36,}|lin_(?:api|oauth)_\\w{32,}|ntn_\\w{40,}|secret_[A-Za-z\\d]{43}|pat[A-Za-z\\d]{14}\\.[a-f\\d]{64})',
  'pat-(?:na|eu|ap)\\d-[a-f\\d-]{36}',
  '00D[\\w]{12,15}![\\w.]{60,}',
  'sl\\.(?:u\\.)?[\\w-]{100,}',
  '[12]/\\d{10,20}(?:/\\d{10,20})?:[a-f\\d]{32}',
  // Chat, paging, social
  'xox[a-z](?:\\.xox[a-z])?-(?=[\\w-]{0,40}\\d)[\\w-]{10,}',
  'xapp-\\d-[\\w-]{20,}',
  '\\d{6,12}:[A-Za-z][\\w-]{30,}',
  '[MNO][A-Za-z\\d_-]{22,27}\\.[\\w-]{6,7}\\.[\\w-]{27,45}',
  'syt_[\\w]{4,}_\\w{20}_\\w{6}',
  'tk_[a-z\\d]{29}(?![a-z\\d])',
  'EAA[A-Za-z\\d]{60,}',
  'IG[A-Z]{2}[\\w-]{60,}',
  'AAAAAAAAAAAAAAAAAAAA[\\w%]{40,}',
  'u\\+[\\w-]{18}(?![\\w-])',
  // Mail and payment
  'SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
  'key-[a-f\\d]{32}',
  '[a-f\\d]{32}-[a-f\\d]{8}-[a-f\\d]{8}(?![\\w-])',
  '[a-f\\d]{32}-us\\d{1,2}(?![\\w-])',
  '(?:xkeysib|xsmtpsib)-[a-f\\d]{40,}-\\w{10,}',
  're_[A-Za-z\\d]{6,12}_[A-Za-z\\d]{16,}',
  '(?:sk|rk)_(?:live|test|prod)_[A-Za-z\\d]{10,}',
  'sk_[a-f\\d]{40,}',
  'whsec_[A-Za-z\\d+/=]{20,}',
  'shp(?:at|ca|pa|ss|tka)_[A-Fa-f\\d]{32}',
  '(?:sq0[a-z]{3}-[\\w-]{22,}|EAAA[\\w-]{56,})',
  'access_token\\$(?:production|sandbox)\\$[a-z\\d]{16}\\$[a-f\\d]{32}',
  'access-(?:sandbox|production|development)-[a-f\\d-]{36}',
  'rzp_(?:live|test)_[A-Za-z\\d]{14,}',
  'FLWSECK(?:_TEST)?-[A-Za-z\\d-]{12,}',
  '(?:live|test)_[A-Za-z\\d]{28,}',
  'SK[a-f\\d]{32}(?![A-Za-z\\d])',
  // Tokens of open formats: JWT, JWE (RFC 7519), PASETO, age, password hashes
  'eyJ[\\w-]{6,}(?:\\.[\\w-]*){1,4}',
  'v[1-4]\\.(?:local|public)\\.[\\w-]{20,}(?:\\.[\\w-]+)?',
  'AGE-SECRET-KEY-1[A-Z\\d]{40,}',
  '\\$2[abxy]?\\$\\d\\d\\$[./A-Za-z\\d]{53}',
  '\\$argon2(?:id?|d)\\$[\\w$=,+/.-]{40,}',
  '\\$(?:apr1|1|5|6|y)\\$[\\w./$=,-]{20,}',
  // Keys of block chains: WIF, BIP 32 extended private keys, BIP 38, NIP-19
  '[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z\\d])',
  '[xyztuvYZUV]prv[1-9A-HJ-NP-Za-km-z]{80,120}',
  '6P[1-9A-HJ-NP-Za-km-z]{56}(?![A-Za-z\\d])',
  'nsec1[02-9ac-hj-np-z]{50,64}',
];

/** Addresses whose path is the secret; only that part is hidden. */
const secretPaths: readonly string[] = [
  'hooks\\.slack\\.com/(?:services|workflows|triggers)/',
  'discord(?:app)?\\.com/api/(?:v\\d+/)?webhooks/\\d+/',
  '\\.webhook\\.office\\.com/webhookb2/',
  'outlook\\.office(?:365)?\\.com/webhook/',
  'hooks\\.zapier\\.com/hooks/catch/',
  'hook\\.[a-z\\d.]{1,12}\\.?make\\.com/',
  'open\\.(?:feishu\\.cn|larksuite\\.com)/open-apis/bot/v2/hook/',
  'maker\\.ifttt\\.com/trigger/\\w{1,64}/(?:json/)?with/key/',
  'hc-ping\\.com/',
  'events\\.pagerduty\\.com/integration/',
  'alert\\.victorops\\.com/integrations/generic/\\d+/alert/',
  'api\\.telegram\\.org/(?:file/)?bot',
  'chat\\.googleapis\\.com/v1/spaces/[\\w-]{1,64}/messages\\?key=',
];

const shapes = new RegExp(`(?<![A-Za-z\\d])(?:${prefixed.join('|')})`, 'g');
const paths = new RegExp(`((?:${secretPaths.join('|')}))[^\\s"'<>\\\\)\\],;]+`, 'g');

/**
 * PEM, OpenSSH and PGP private blocks, with real or escaped line ends; a block whose end is missing is hidden to the
 * end of the text. Certificates and public keys are none.
 */
const privateBlock =
  /-{4,5} ?BEGIN (?:[A-Z\d]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}(?:(?!-{4,5} ?END )[\s\S])*(?:-{4,5} ?END [A-Z\d ]{1,80}-{4,5})?/g;

const puttyBlock = /Private-Lines: ?\d+(?:\\r|\\n|\s)+(?:[A-Za-z\d+/=]+(?:\\r|\\n|\s)*)+/g;

/** Hides what is secret by its form. */
export function maskShapes(text: string, mask: string): string {
  return text.replace(shapes, mask).replace(paths, `$1${mask}`);
}

/** Hides blocks of private keys; to be done first, their lines look like many things. */
export function maskPrivateBlocks(text: string, mask: string): string {
  const masked = text.includes('PRIVATE KEY') ? text.replace(privateBlock, mask) : text;
  return masked.includes('Private-Lines') ? masked.replace(puttyBlock, `Private-Lines: ${mask} `) : masked;
}

/** Whether a value under a telling name looks like a secret rather than like a word, a path or a number. */
export function looksRandom(value: string): boolean {
  if (value.length < 12 || value.length > 4096 || !/^[\w+/=.~%$!@#^*:-]+$/.test(value)) return false;
  if (/^[A-Za-z]+(?:[-_.:/][A-Za-z]+)*$/.test(value)) return /[a-z][A-Z]+[a-z]+[A-Z]/.test(value) && value.length >= 16;
  const longest = value.split(/[-_.:/]/).reduce((most, part) => Math.max(most, part.length), 0);
  if (longest < 8) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value);
}
