import type { ComponentType } from 'react';
import { alerts } from './alerts.js';
import { costs } from './costs.js';
import { jobs } from './jobs.js';
import { logs } from './logs.js';
import { overview } from './overview.js';
import { service } from './service.js';
import { settings } from './settings.js';
import { slo } from './slo.js';

/** One view of the page. */
export interface PanelEntry {
  readonly id: string;
  /** First part of its address. */
  readonly place: string;
  readonly title: string;
  /** `g` and this letter go there; `null` keeps it out of the navigation. */
  readonly key: string | null;
  readonly Panel: ComponentType<{ readonly item: string | null }>;
}

/** Every view, in the order of the navigation. A new one is a file and a line here. */
export const panels: readonly PanelEntry[] = [overview, alerts, jobs, costs, logs, slo, settings, service];
