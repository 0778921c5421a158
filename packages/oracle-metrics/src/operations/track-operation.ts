/** The part of the metrics that a decorated method needs. */
interface Tracker {
  track<T>(operation: string, fn: () => T): T;
}

type Method<A extends unknown[], R> = (this: { readonly metrics: Tracker }, ...args: A) => R;

/**
 * Decorator for methods of a class that holds its metrics in `metrics`; times every call as the named operation.
 *
 *     class Readings {
 *       constructor(readonly metrics: OracleMetrics) {}
 *       @trackOperation('reading')
 *       async read(question: string) { … }
 *     }
 *
 * Pass the metrics as second argument for a class that does not hold them. Works as a standard decorator (TypeScript 5)
 * and, with `experimentalDecorators`, as a legacy one.
 */
export function trackOperation(operation: string, metrics?: Tracker) {
  function wrap<A extends unknown[], R>(method: (...args: A) => R): Method<A, R> {
    return function tracked(this: { readonly metrics: Tracker }, ...args: A): R {
      const tracker = metrics ?? this.metrics;
      return tracker.track(operation, () => method.apply(this, args));
    };
  }
  function decorate<F>(method: F, context: ClassMethodDecoratorContext): F;
  function decorate(target: object, name: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
  function decorate(target: unknown, _nameOrContext: unknown, descriptor?: PropertyDescriptor): unknown {
    if (descriptor === undefined) return wrap(target as (...args: unknown[]) => unknown);
    return { ...descriptor, value: wrap(descriptor.value as (...args: unknown[]) => unknown) };
  }
  return decorate;
}
