// As much of these transports' types as the tests use; the packages ship none.
declare module 'winston-array-transport' {
  import type Transport from 'winston-transport';

  const ArrayTransport: new (options: { array: unknown[]; json?: boolean }) => Transport;
  export default ArrayTransport;
}

declare module 'winston-syslog' {
  import type Transport from 'winston-transport';
  export const Syslog: new (options: { host: string; port: number; protocol: 'udp4' }) => Transport;
}
