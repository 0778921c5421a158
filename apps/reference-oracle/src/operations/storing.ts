import { hasCode } from '../errors.js';
import type { NewInsight } from '../store/insights.js';
import type { OperationDeps } from './operation.js';

/** The part of a reply that says whether the insight is in the database. */
export interface StoredMark {
  readonly insight_id: string;
  readonly is_stored: boolean;
}

/**
 * Stores what was computed. A reading needs no database to be true, so without one the answer is given all the same and
 * says that it was not stored; any other failure is thrown.
 */
export async function storeIfPossible(deps: OperationDeps, insight: NewInsight): Promise<StoredMark> {
  try {
    return { insight_id: await deps.insights.store(insight), is_stored: true };
  } catch (error) {
    if (!hasCode(error, 'DATABASE_AWAY')) throw error;
    deps.onStoreFailed(error);
    return { insight_id: '', is_stored: false };
  }
}
