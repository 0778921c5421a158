/** How loud an alert is, loudest first. */
export const severities = ['critical', 'error', 'warning', 'info'] as const;

/** One of {@link severities}. */
export type Severity = (typeof severities)[number];
