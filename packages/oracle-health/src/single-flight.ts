/** Work that never runs twice at a time: who asks while it runs gets the same promise. */
export interface SingleFlight<T> {
  run(): Promise<T>;
  /** Resolves when nothing runs. */
  landed(): Promise<void>;
}

export function createSingleFlight<T>(work: () => Promise<T>): SingleFlight<T> {
  let flight: Promise<T> | undefined;
  return {
    run() {
      flight ??= work().finally(() => {
        flight = undefined;
      });
      return flight;
    },
    async landed() {
      await flight?.catch(() => undefined);
    },
  };
}
