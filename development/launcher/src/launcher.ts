import { type Child, type ChildSpec, startChild } from './child.js';
import { type LauncherConfig, PORTS, type PortName } from './config.js';
import { type Database, openDatabase } from './database.js';
import { LauncherError } from './errors.js';
import { createRepeatFilter, readEvent } from './event-lines.js';
import { requireFreePort } from './ports.js';
import { endProcess, isRunning } from './processes.js';
import { readRunState, removeRunState, storeRunState } from './run-state.js';
import { type Addresses, alerter, dashboard, loadGenerator, referenceOracle } from './services.js';

export interface Launcher {
  /** Brings everything up in order. @throws LauncherError; what had started is stopped again */
  start(): Promise<Addresses>;
  /** Stops everything in the reverse order; idempotent. */
  stop(): Promise<void>;
  /** Starts what has died, the demo Oracle too. */
  revive(): void;
}

export interface LauncherDeps {
  /** Shows one event: who, and what happened. */
  readonly show: (source: string, text: string) => void;
}

/** Found in the command line of our apps: tells an orphan of ours from a stranger that got its pid. */
const CHILD_MARKER = 'dist/';
const LAUNCHER_MARKER = 'launcher';
const RESTART_AFTER_MS = 1_000;
const RESTART_AT_MOST_MS = 60_000;

/** One run: the database, the watched service, the alerter and the dashboard, each a process of its own. */
export function createLauncher(config: LauncherConfig, deps: LauncherDeps): Launcher {
  const run = new Run(config, deps);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= run.stop());
  const start = async (): Promise<Addresses> => {
    try {
      return await run.start();
    } catch (error) {
      await stop();
      throw error;
    }
  };
  return { start, stop, revive: () => run.revive() };
}

class Run {
  private readonly children = new Map<string, { spec: ChildSpec; child: Child; alive: boolean }>();
  private readonly startedAt = new Date().toISOString();
  private readonly filter = createRepeatFilter();
  private database: Database | undefined;
  private known: Addresses = { databaseUrl: '' };
  private claimed = false;
  private started = false;
  private stopping = false;
  private restartAfterMs = RESTART_AFTER_MS;

  constructor(
    private readonly config: LauncherConfig,
    private readonly deps: LauncherDeps,
  ) {}

  async start(): Promise<Addresses> {
    const { config } = this;
    this.claim();
    for (const name of this.portsWanted()) {
      await requireFreePort(config.ports[name], PORTS[name].variable, PORTS[name].owner);
    }
    this.database = await openDatabase(config);
    this.known = { databaseUrl: this.database.url };
    this.deps.show('database', this.database.description);
    if (config.watch.kind === 'demo') await this.startDemo();
    // Links in alerts need the dashboard's address, so its port is settled before the alerter starts.
    const port = config.ports.dashboard;
    if (port !== 0) this.know({ dashboardUrl: `http://127.0.0.1:${port}` });
    const alerterPort = await this.startListening(alerter(config, this.known), 'port');
    this.know({ alerterUrl: `http://127.0.0.1:${alerterPort}` });
    const dashboardPort = await this.startListening(dashboard(config, this.known), 'port');
    this.know({ dashboardUrl: `http://127.0.0.1:${dashboardPort}` });
    this.started = true;
    return this.known;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const { child } of [...this.children.values()].reverse()) await child.stop();
    await this.database?.stop();
    if (this.claimed) removeRunState(this.config.dataDirectory);
  }

  revive(): void {
    for (const { spec, alive } of this.children.values()) {
      if (alive) continue;
      this.startOne(spec);
      this.deps.show(spec.name, 'started again');
    }
  }

  private async startDemo(): Promise<void> {
    const listening = await this.startOne(referenceOracle(this.config, this.known)).listening();
    const oracleSidecar = listening['sidecar_port'] ?? 0;
    const oracleApi = listening['api_port'] ?? 0;
    const oracleGrpc = listening['grpc_port'] ?? 0;
    this.know({
      oracleSidecarUrl: `http://127.0.0.1:${oracleSidecar}`,
      oracleApiUrl: `http://127.0.0.1:${oracleApi}`,
      oracleGrpcAddress: `127.0.0.1:${oracleGrpc}`,
    });
    // A revived Oracle must be where it was, also when its ports were chosen for it.
    const ports = { ...this.config.ports, oracleSidecar, oracleApi, oracleGrpc };
    this.reviveAs(referenceOracle({ ...this.config, ports }, this.known));
    this.startOne(loadGenerator(this.config, this.known));
  }

  private reviveAs(spec: ChildSpec): void {
    const entry = this.children.get(spec.name);
    if (entry) entry.spec = spec;
  }

  private async startListening(spec: ChildSpec, field: string): Promise<number> {
    return (await this.startOne(spec).listening())[field] ?? 0;
  }

  private startOne(spec: ChildSpec): Child {
    const child = startChild(spec, (line) => this.hear(spec.name, line));
    const entry = { spec, child, alive: true };
    this.children.delete(spec.name); // a revived one is stopped in its new place
    this.children.set(spec.name, entry);
    this.writeState();
    void child.ended.then((how) => {
      entry.alive = false;
      if (!this.stopping && (this.started || child.listens())) this.mourn(spec, how, child.listens());
    });
    return child;
  }

  /** The demo Oracle stays dead, so that its alert can be watched; what does the watching is started again. */
  private mourn(spec: ChildSpec, how: string, listened: boolean): void {
    if (spec.name === 'reference-oracle') {
      this.deps.show(spec.name, `ended (${how}); it stays down until: npm run demo -- recover`);
      return;
    }
    // One that dies again before it is ready is given more and more time.
    this.restartAfterMs = listened ? RESTART_AFTER_MS : Math.min(this.restartAfterMs * 2, RESTART_AT_MOST_MS);
    this.deps.show(spec.name, `ended (${how}); started again in ${this.restartAfterMs / 1000} s`);
    setTimeout(() => {
      if (!this.stopping) this.startOne(spec);
    }, this.restartAfterMs).unref();
  }

  private hear(source: string, line: string): void {
    const text = readEvent(source, line);
    const shown = text === null ? null : this.filter(source, text, performance.now());
    if (shown !== null) this.deps.show(source, shown);
  }

  private know(addresses: Partial<Addresses>): void {
    this.known = { ...this.known, ...addresses };
    this.writeState();
  }

  /** One launcher per data directory; what a killed one left running is ended first. */
  private claim(): void {
    const before = readRunState(this.config.dataDirectory);
    if (before && before.pid !== process.pid && isRunning(before.pid, LAUNCHER_MARKER)) {
      const where = before.dashboardUrl ? `, dashboard ${before.dashboardUrl}` : '';
      throw new LauncherError(
        'ALREADY_RUNNING',
        `It is already running here (process ${before.pid} since ${before.startedAt}${where}): stop that one with Ctrl-C first.`,
      );
    }
    for (const pid of Object.values(before?.children ?? {})) {
      if (isRunning(pid, CHILD_MARKER)) endProcess(pid, 'SIGKILL');
    }
    this.writeState();
    this.claimed = true;
  }

  private writeState(): void {
    storeRunState(this.config.dataDirectory, {
      pid: process.pid,
      startedAt: this.startedAt,
      dashboardUrl: this.known.dashboardUrl ?? null,
      sidecarUrl: this.known.oracleSidecarUrl ?? null,
      children: Object.fromEntries([...this.children].map(([name, { child }]) => [name, child.pid])),
    });
  }

  private portsWanted(): PortName[] {
    const demo = this.config.watch.kind === 'demo';
    return demo ? (Object.keys(PORTS) as PortName[]) : ['alerter', 'dashboard'];
  }
}
