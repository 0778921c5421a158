import type { Guard } from '../guard.js';
import { type Handler, ok } from '../handler.js';

/** Who is asking, for the page to know what to offer. */
export function createSessionHandler(guard: Guard): Handler<'session'> {
  return ({ visitor }) => ok({ user: visitor.user, may: visitor.may, methods: guard.methods });
}
