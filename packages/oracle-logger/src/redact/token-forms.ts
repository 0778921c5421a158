/**
 * Tokens that are known by how they begin, as their vendors publish it (their own documentation, GitHub's list of
 * secret scanning partners, the rule sets of gitleaks, trufflehog and secretlint).
 */
export interface TokenForm {
  /** How the token begins, letter by letter. */
  readonly prefix: string;
  /** What follows; sticky, and linear: no quantifier over something that can match the same text in two ways. */
  readonly rest: RegExp;
}

const word = '[A-Za-z\\d]';
const wide = '[\\w-]';
const hex = '[a-f\\d]';
const base58 = '[1-9A-HJ-NP-Za-km-z]';
const bech32 = '[02-9ac-hj-np-z]';
const base64 = '[\\w+/=-]';
const uuid = `${hex}{8}(?:-${hex}{4}){3}-${hex}{12}`;
const end = '(?![A-Za-z\\d])';
/** What words have not: a digit, or capitals in the middle of them again and again. */
const unlikeWords = '(?:\\d|(?:[A-Z]+[a-z_-]*){5})';

const table: readonly (readonly [prefixes: string, rest: string])[] = [
  // Language models
  ['sk-', `(?=${wide}{0,200}?[\\dA-Z])${wide}{16,}`],
  ['sess-', `(?=[a-z]{0,40}[A-Z\\d])${word}{36,}`],
  ['gsk_ fw_ tgp_v1_ wandb_v1_ esecret_ rnd_ hf_ api_org_', `${wide}{20,}`],
  ['nvapi- pplx- xai- csk- tvly- jina_ pcsk_ lsv2_pt_ lsv2_sk_ pa- r8_ bedrock-api-key-', `${base64}{28,}`],
  ['ls__ fc-', `${hex}{32}`],
  ['llx- flp_ fw- pat_', `${word}{36,}`],
  ['ek_', `${hex}{40,}`],
  ['app-', `(?=[a-z\\d]{0,23}[A-Z])(?=[A-Za-z]{0,23}?${unlikeWords})${word}{24}(?!${wide})`],
  ['AQ.Ab', `${wide}{30,}`],
  ['m0-', `${word}{40}`],
  ['e2b_', `${hex}{40}`],
  ['rpa_', `[A-Z\\d]{40,}`],
  ['BSA', `(?=${wide}{0,24}[a-z])(?=${wide}{0,24}[A-Z])${wide}{27,28}(?!${wide})`],
  ['ak- as-', `(?=[a-z\\d]{0,21}[A-Z])${word}{22}(?!${wide})`],
  ['dapi dose', `${hex}{32}(?:-\\d)?`],
  // Clouds
  ['AKIA ASIA ABIA ACCA A3T', `[A-Z\\d]{16,17}${end}`],
  ['IQoJb3JpZ2lu FwoGZXIvYXdz FQoGZXIvYXdz FQoDYXdz AQoDYXdz AQoEXAMPLE ABSK', '[\\w+/=%-]{40,}'],
  ['amzn.mws.', uuid],
  ['AIza', `${wide}{35}`],
  ['GOOG', '(?=[A-Z]{0,20}\\d)[A-Z\\d]{20,61}'],
  ['AAAA', `${wide}{7}:${wide}{100,}`],
  ['ya29.', `${wide}{20,}`],
  ['GOCSPX-', `${wide}{20,}`],
  ['1//0', `${wide}{30,}`],
  ['dop_v1_ doo_v1_ dor_v1_', `${hex}{64}`],
  ['HRKU-', `${wide}{30,}`],
  ['FlyV1', '(?: |%20)[\\w+/=,-]{40,}'],
  ['mdb_sa_sk_ unkey_', `${wide}{20,}`],
  ['fm1_ fm2_ fm1a_ fm1r_ fm2a_ fm2r_', '[\\w+/=,-]{40,}'],
  ['fo1_', `${wide}{40,}`],
  ['v1.0-', `${hex}{24}-${hex}{100,}`],
  ['cfut_ cfat_ cfk_', `${word}{36,}`],
  ['vercel_blob_rw_ vcp_ vci_ vca_ vcr_ vck_', '\\w{24,}'],
  ['nfp_ nfc_ nfo_ nfb_ nfu_ napi_', '\\w{36,}'],
  ['npg_', `(?=[a-z]{0,15}[A-Z\\d])${word}{10,}`],
  ['sbp_ sbp_v0_', `${hex}{40}`],
  ['sb_secret_', `${wide}{20,}`],
  ['pscale_tkn_ pscale_pw_ pscale_oauth_', '[\\w.-]{30,}'],
  ['dp.pt. dp.st. dp.sa. dp.ct. dp.scim. dp.audit.', '[\\w.-]{40,}'],
  ['pul-', `${hex}{40}`],
  ['hvs. hvb. hvr.', `${wide}{20,}`],
  ['s.', `${word}{24}(?![A-Za-z\\d.])`],
  ['b.AAAA', `${wide}{60,}`],
  ['st.', `${hex}{20,}\\.${hex}{20,}(?:\\.${hex}{20,})?`],
  ['ops_eyJ', `${base64}{60,}`],
  ['A3-', '[A-Z\\d]{6}-(?:[A-Z\\d]{5,11}-){2,4}[A-Z\\d]{5}'],
  ['LTAI', `${word}{12,20}${end}`],
  ['ALTAK-', `${word}{21}(?:/${hex}{40})?`],
  ['bce-v3/ALTAK-', `${word}{21}/${hex}{40}`],
  ['AKID', `${word}{28,36}${end}`],
  ['AKLT', `${word}{20,60}${end}`],
  ['SCW', `[A-Z\\d]{17}${end}`],
  ['EXO', `${hex}{24}${end}`],
  ['y0_ y1_ y2_ y3_', `${wide}{50,}`],
  ['AQVN', `${wide}{35,38}`],
  ['t1.', `${wide}{40,}\\.${wide}{60,}`],
  ['tskey-', `[a-z]{3,12}-${word}{8,}(?:-${word}{16,})?`],
  ['sha256~', `${wide}{43}`],
  // Observability
  ['glsa_', `\\w{32}_${hex}{8}`],
  ['glc_ eyJrIjoi', '[\\w+/=]{30,}'],
  ['NRAK- NRII- NRJS- NRRA- NRAL- NRAQ- NRSP- NRBR-', `${wide}{18,}`],
  ['sntrys_ sntryu_ sntrya_ sntryi_', '[\\w+/=-]{40,}'],
  ['hcaik_ hcbik_ hcxik_ hcamk_ phx_ essu_', '[\\w+/=-]{40,}'],
  ['dt0', '[a-z]\\d{2}\\.[A-Z\\d]{8,24}\\.[A-Z\\d]{64}'],
  ['sdk- mob- api-', uuid],
  // Source hosts, registries, build services
  ['ghp_ gho_ ghu_ ghs_ ghr_', `${word}{30,}`],
  ['github_pat_', '\\w{40,}'],
  ['v1.', `${hex}{40}(?!${hex})`],
  [
    'glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glrtr- glwt- GR1348941',
    '[\\w.-]{20,}',
  ],
  ['ATBB', `${word}{24,}`],
  ['ATATT3 ATCTT3 ATSTT3 ATOTT3', '[\\w=-]{50,}'],
  ['ATTA', `${hex}{60,}(?:[A-F\\d]{8})?`],
  ['npm_', `${word}{36}`],
  ['pypi-', `${wide}{50,}`],
  ['rubygems_', `${hex}{48}`],
  ['oy2', '[a-z\\d]{43}'],
  ['cio', `${word}{32}${end}`],
  ['dckr_pat_ dckr_oat_', `${wide}{20,}`],
  ['packagist_', '\\w{20,}'],
  ['CLOJARS_', '[a-z\\d]{60}'],
  ['CCIPAT_ CCIPRJ_', '\\w{20,}'],
  ['bkua_ bkca_ bkaj_ squ_ sqp_ sqa_', `${hex}{40}`],
  ['sgp_', `(?:\\w{16}_)?${hex}{40}`],
  ['AKCp cmVmdGtuOj', '\\w{40,}'],
  ['PMAK-', `${hex}{24}-${hex}{34}`],
  ['PMAT-', '[A-Z\\d]{26}'],
  ['snyk_uat. snyk_sat.', `${hex}{8}\\.[\\w-]{20,}(?:\\.[\\w-]{20,})?`],
  ['ddp_ ddw_', `${word}{36}`],
  ['dbtu_ dbtc_ dbts_', '[\\w+/=-]{30,}'],
  ['pat.', `${wide}{22}\\.${hex}{24}\\.${word}{20}`],
  ['dnkey-', '[a-z\\d]{20,}-[a-z\\d]{40,}'],
  ['ico-', `${word}{32}${end}`],
  ['API-', `[A-Z\\d]{25,26}${end}`],
  // Work tools
  ['figd_ figo_ figr_ figu_', `${wide}{36,}`],
  ['lin_api_ lin_oauth_', '\\w{32,}'],
  ['ntn_', '\\w{40,}'],
  ['secret_', `${word}{43}`],
  ['pat', `${word}{14}\\.${hex}{64}`],
  ['pat-na1- pat-na2- pat-eu1- pat-ap1-', `${hex}{8}-[a-f\\d-]{27}`],
  ['00D', '\\w{12,15}![\\w.]{60,}'],
  ['sl.', `(?:u\\.)?${wide}{100,}`],
  ['1/ 2/', `\\d{10,20}(?:/\\d{10,20})?:${hex}{32}`],
  ['pk_', '\\d{6,10}_[A-Z\\d]{32}'],
  ['tfp_', '[\\w.=-]{40,}'],
  ['CFPAT-', `${wide}{43}`],
  ['rdme_', '[a-z\\d]{60,}'],
  ['pnu_ pnb_', `${word}{36}`],
  ['fio-u-', `${wide}{60,}`],
  ['aio_', `${word}{28}${end}`],
  ['p8e-', '[a-z\\d]{32}'],
  ['tk-us-', `${wide}{48}`],
  ['sm_', `[a-z]{3}_${word}{16,}`],
  ['s-s4t2', `[a-z]{2}-${hex}{64}`],
  ['zpka_', '\\w{32,}'],
  ['secret-live- secret-test-', '[\\w=-]{30,}'],
  ['4b1d', `${word}{38}${end}`],
  ['sk.eyJ pk.eyJ', `${wide}{30,}\\.${wide}{20,}`],
  // Chat, paging, social
  [
    'xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe.xoxb- xoxe.xoxp- xwfp-',
    `(?=[\\w%+/-]{0,40}?${unlikeWords})[\\w%+/-]{10,}`,
  ],
  ['xapp-', `\\d-${wide}{20,}`],
  ['syt_', '\\w{4,}_\\w{20}_\\w{6}'],
  ['mfa.', `${wide}{60,}`],
  ['tk_', '[a-z\\d]{29}(?![a-z\\d])'],
  ['EAA', `${word}{60,}`],
  ['IGQ IGA', `${wide}{60,}`],
  ['vk1.a.', `${wide}{60,}`],
  ['AAAAAAAAAAAAAAAAAAAA', '[\\w%]{40,}'],
  ['u+', `(?<![+/]u\\+)${wide}{18}(?![\\w+/-])`],
  ['o.', `${word}{32}${end}`],
  // Mail and payment
  ['SG.', `${wide}{16,}\\.${wide}{16,}`],
  ['key-', `${hex}{32}`],
  ['md-', `(?=[a-z\\d_-]{0,21}[A-Z])${wide}{22}(?!${wide})`],
  ['mlsn.', `${hex}{60,}`],
  ['xkeysib- xsmtpsib-', `${hex}{40,}-\\w{10,}`],
  ['re_', `${word}{6,12}_${word}{16,}`],
  ['sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ sk_org_live_ sk_org_test_', `${word}{10,}`],
  ['pi_ seti_', `${word}{10,40}_secret_${word}{15,60}`],
  ['pdl_live_apikey_ pdl_sdbx_apikey_', '\\w{40,}'],
  ['pk_', `${hex}{34}(?!${wide})`],
  ['dG9rO', '[\\w=+/]{50,}'],
  ['sk_', '(?=[a-z]{0,30}\\d)[a-z\\d]{24,}'],
  ['whsec_', '[A-Za-z\\d+/=]{20,}'],
  ['shpat_ shpca_ shppa_ shpss_ shptka_ shpua_', '[A-Fa-f\\d]{32}'],
  ['sq0atp- sq0csp- sq0idp- sq0', `(?:[a-z]{3}-)?${wide}{22,}`],
  ['EAAA', `${wide}{56,}`],
  ['access_token$production$ access_token$sandbox$', `[a-z\\d]{16}\\$${hex}{32}`],
  ['access-sandbox- access-production- access-development-', '[a-f\\d-]{36}'],
  ['rzp_live_ rzp_test_', `${word}{14,}`],
  ['FLWSECK- FLWSECK_TEST-', '[A-Za-z\\d-]{12,}'],
  ['live_ test_', `${word}{28,}`],
  ['live_', `(?=${wide}{0,38}?${unlikeWords})(?=${wide}{0,38}[A-Z])${wide}{38,44}(?!${wide})`],
  ['duffel_live_ duffel_test_ shippo_live_ shippo_test_', `${wide}{30,}`],
  ['EZAK EZTK', `${word}{54}`],
  ['AQE', `${word}{20,}[\\w+/=-]{30,}`],
  ['AQE', '[A-Za-z\\d+/]{40,}={0,2}-[\\w+/=-]{30,}'],
  ['SK', `${hex}{32}${end}`],
  // Tokens of open formats: JWT, JWE (RFC 7519), PASETO, age; hashes of passwords
  ['eyJ', `${wide}{6,}(?:\\.[\\w-]*){1,4}`],
  ['ewog ew0K eyAi', `${wide}{10,}\\.${wide}{10,}\\.[\\w-]*`],
  ['v1.', `(?=[a-z\\d_-]{0,60}[A-Z])(?=[A-Za-z_-]{0,60}\\d)${wide}{100,}`],
  ['Fe26.2*', '[\\w*.~-]{60,}'],
  ['django-insecure-', '[\\w!@#$%^&*(=+)-]{30,}'],
  ...['v1.', 'v2.', 'v3.', 'v4.'].map(
    (version) => [`${version}local. ${version}public.`, `${wide}{20,}(?:\\.${wide}+)?`] as const,
  ),
  ['AGE-SECRET-KEY-1 AGE-SECRET-KEY-PQ-1', '[A-Z\\d]{40,}'],
  ['$2$ $2a$ $2b$ $2x$ $2y$', '\\d\\d\\$[./A-Za-z\\d]{53}'],
  ['$argon2', '(?:id?|d)\\$[\\w$=,+/.-]{40,}'],
  ['$apr1$ $1$ $5$ $6$ $7$ $y$ $gy$', '[\\w./$=,-]{20,}'],
  ['pbkdf2_', 'sha\\d{1,3}\\$\\d{1,9}\\$[\\w+/=$.-]{20,}'],
  ['pbkdf2: scrypt:', '[\\w:]{1,32}\\$\\w{1,64}\\$[a-f\\d]{40,}'],
  ['{SHA} {SSHA} {SSHA256} {SSHA512} {CRYPT}', '[\\w+/=$.]{20,}'],
  // Keys of block chains: BIP 32 extended private keys, BIP 38, NIP-19, Stellar, EOS, Tezos, NEAR, Sui, Aptos, Cardano
  ...['x', 'y', 'z', 't', 'u', 'v', 'Y', 'Z', 'U', 'V'].map((letter) => [`${letter}prv`, `${base58}{80,120}`] as const),
  ['6P', `${base58}{56}${end}`],
  ['nsec1', `${bech32}{50,64}`],
  ['SA SB SC SD', '[A-Z2-7]{54}(?![A-Za-z\\d])'],
  ['PVT_K1_ PVT_R1_', `${base58}{40,60}`],
  ['edsk edesk spsk p2sk', `${base58}{50,100}`],
  ['ed25519:', `${base58}{80,90}${end}`],
  ['suiprivkey1', `${bech32}{50,70}`],
  ['ed25519-priv- secp256k1-priv-', '(?:0x)?[a-f\\d]{64}'],
  ['ed25519_sk1 ed25519e_sk1 addr_sk1 stake_sk1 root_xsk1 acct_xsk1', `${bech32}{40,}`],
];

/** A form that is only looked for in texts that have its mark. */
export interface MarkedForm {
  readonly mark: string;
  readonly form: RegExp;
}

/** Every form by itself. */
export const tokenForms: readonly TokenForm[] = table.flatMap(([prefixes, rest]) =>
  prefixes.split(' ').map((prefix) => ({ prefix, rest: new RegExp(rest, 'y') })),
);

/** Tokens that do not begin alike, each told by something within; short, as every place of a text is tried. */
export const looseForms: readonly string[] = [
  // Telegram bots
  '\\d{6,12}:[A-Za-z][\\w-]{30,}',
  // Mailgun, Mailchimp, New Relic licence
  `${hex}{32}-(?:${hex}{8}-${hex}{8}|us\\d{1,2})(?![\\w-])`,
  `${hex}{36}NRAL`,
  // Facebook app, ngrok
  '\\d{13,17}\\|[\\w-]{27}(?![\\w-])',
  `[12]${word}{26}_${word}{20,22}${end}`,
  // Wallet import format; not a part of something in base64, which has more signs
  `(?<!\\+(?:[A-Za-z\\d/]{0,80}/)?|[A-Za-z\\d+]{20}/)[5KLc9]${base58}{50,51}(?![A-Za-z\\d+/=])`,
];

/** The same, each with a text that must be there before it is worth looking. */
export const markedForms: readonly MarkedForm[] = [
  { mark: 'Q~', form: /(?<![A-Za-z\d])[\w~.-]{3}\dQ~[\w~.-]{31,34}/g },
  { mark: '.atlasv1.', form: /(?<![A-Za-z\d])[A-Za-z\d]{14}\.atlasv1\.[\w-]{60,}/g },
  // Discord
  { mark: '.', form: /(?<![A-Za-z\d])[MNO][\w-]{22,27}\.[\w-]{6,7}\.[\w-]{27,45}/g },
  { mark: '_mmk', form: /(?<![A-Za-z\d])[A-Za-z\d]{6}_[A-Za-z\d]{29}_mmk/g },
];

/**
 * Keys of Azure (Microsoft's security-utilities), each with four letters that a random text has seldom and then by
 * chance: looked for last, and only in their place.
 */
export const azureForms: readonly MarkedForm[] =
  'AzFu AzSe AzCa ACDb AStS AIoT APIM AZEG AZDO JQQJ9 +ASt +ASb +AEh +ACR +ABa +AMC +ARm'.split(' ').map((mark) => {
    const sign = '[A-Za-z\\d+/_-]';
    const before = `(?:${[33, 42, 44, 52, 76].map((count) => `${sign}{${count}}`).join('|')})`;
    const after = mark === 'JQQJ9' ? '{20,34}' : '{4,10}';
    const key = `(?<!${sign})${before}${mark.replace('+', '\\+')}${sign}${after}(?!${sign})={0,2}`;
    return { mark, form: new RegExp(key, 'g') };
  });
