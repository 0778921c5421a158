import type { ShownStatus } from '../contract/status.js';

const shapes: Readonly<Record<ShownStatus, string>> = {
  healthy: '<circle cx="8" cy="8" r="6" fill="#2f9e5f"/>',
  degraded: '<path d="M8 1.5 15 14H1z" fill="#d99a1c"/>',
  down: '<rect x="2" y="2" width="12" height="12" fill="#e5484d"/>',
  no_data: '<circle cx="8" cy="8" r="5" fill="none" stroke="#8b94a3" stroke-width="2" stroke-dasharray="3 2"/>',
};

/** The tab's icon: the worst state as shape and colour. */
export function faviconOf(status: ShownStatus): string {
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shapes[status]}</svg>`)}`;
}
