import type { Route, Severity } from '../contract/index.js';

/** What routes decide by. */
export interface Routed {
  readonly service: string;
  readonly rule: string;
  readonly severity: Severity;
}

/** One channel that is to be told, and who stands in for it. */
export interface RoutedChannel {
  readonly channel: string;
  readonly fallback: string | null;
}

/** The channels for an alert, each once, in the order of the routes. Without routes: every channel. */
export function routeAlert(
  alert: Routed,
  routes: readonly Route[] | undefined,
  channels: readonly string[],
): readonly RoutedChannel[] {
  if (routes === undefined) return channels.map((channel) => ({ channel, fallback: null }));
  const found = new Map<string, RoutedChannel>();
  for (const route of routes) {
    if (!isMatch(route, alert)) continue;
    for (const channel of route.channels) {
      const fallback = route.fallback === channel ? null : (route.fallback ?? null);
      if (!found.has(channel) && channels.includes(channel)) found.set(channel, { channel, fallback });
    }
  }
  return [...found.values()];
}

function isMatch(route: Route, alert: Routed): boolean {
  return (
    (route.severities?.includes(alert.severity) ?? true) &&
    (route.services?.includes(alert.service) ?? true) &&
    (route.rules?.includes(alert.rule) ?? true)
  );
}
