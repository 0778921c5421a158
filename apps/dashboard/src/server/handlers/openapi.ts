import { type Handler, ok } from '../handler.js';
import { describeApi } from '../openapi.js';

/** The table as a document for tools. */
export function createOpenApiHandler(): Handler<'openapi'> {
  const document = describeApi();
  return () => ok(document);
}
