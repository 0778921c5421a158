export { type Migration, migrations } from './migrations.js';
export { createPostgresStore, type PostgresStoreDeps } from './postgres-store.js';
export { pruneAlerts, type ReadRange, readAlertHistory, readAlerts, readChannels, readNotices } from './readers.js';
export { acknowledgeAlert, deleteSilence, readSilences, storeSilence } from './requests.js';
