import type { Severity } from './severity.js';

/** A line `label: value`. Both are plain text. */
export interface MessageField {
  readonly label: string;
  readonly value: string;
}

/** A link at the end of a message. */
export interface MessageLink {
  readonly label: string;
  readonly url: string;
}

/** What a person is told, before any channel's markup. All texts are plain. */
export interface Message {
  /** First line, complete; never cut away. */
  readonly title: string;
  readonly severity: Severity;
  /** The services it is about; one, but for grouped messages. */
  readonly services: readonly string[];
  /** In the order of importance: the last are cut first. */
  readonly fields: readonly MessageField[];
  readonly links: readonly MessageLink[];
}
