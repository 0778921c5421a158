import { type ComponentType, lazy } from 'react';
import { Overview } from './overview.js';

type Panel = ComponentType<{ readonly item: string | null }>;

/** One view of the page. */
export interface PanelEntry {
  readonly id: string;
  /** First part of its address. */
  readonly place: string;
  readonly title: string;
  /** `g` and this letter go there; `null` keeps it out of the navigation. */
  readonly key: string | null;
  readonly Panel: Panel;
  /** Stands without the status, which a reader who has only a link may not see. */
  readonly isAlone?: true;
}

/** Fetches all views but the first. Asked for before they are needed, going there is instant, also while the server is away. */
export const fetchViews = () => import('./views.js');

function later(name: keyof Awaited<ReturnType<typeof fetchViews>>): Panel {
  return lazy(async () => ({ default: (await fetchViews())[name] }));
}

/** Every view, in the order of the navigation. A new one is a file, a line in views.ts and a line here. */
export const panels: readonly PanelEntry[] = [
  { id: 'overview', place: '', title: 'Overview', key: 'o', Panel: Overview },
  { id: 'alerts', place: 'alerts', title: 'Alerts', key: 'a', Panel: later('Alerts') },
  { id: 'jobs', place: 'jobs', title: 'Jobs', key: 'j', Panel: later('Jobs') },
  { id: 'costs', place: 'costs', title: 'Costs', key: 'c', Panel: later('Costs') },
  { id: 'logs', place: 'logs', title: 'Logs', key: 'l', Panel: later('Logs') },
  { id: 'slo', place: 'slo', title: 'SLO', key: 'b', Panel: later('Slo') },
  { id: 'settings', place: 'settings', title: 'Settings', key: 's', Panel: later('Settings') },
  { id: 'service', place: 'services', title: 'Service', key: null, Panel: later('Service') },
  { id: 'acknowledge', place: 'ack', title: 'Acknowledge', key: null, Panel: later('Acknowledge'), isAlone: true },
];
