/** mulberry32: small, seeded, good enough to draw test data. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function uniform(random: () => number, count: number): number[] {
  return draw(count, () => 1 + random() * 999);
}

export function lognormal(random: () => number, count: number): number[] {
  return draw(count, () => Math.exp(5 + normal(random)));
}

export function bimodal(random: () => number, count: number): number[] {
  return draw(count, () => (random() < 0.9 ? 20 + 5 * random() : 5000 + 500 * random()));
}

export function pareto(random: () => number, count: number): number[] {
  return draw(count, () => 10 / (1 - random()) ** (1 / 1.2));
}

/** Values right beside bucket bounds, over 80 powers of two: the worst a base-2 histogram can meet. */
export function adversarial(count: number): number[] {
  return Array.from(
    { length: count },
    (_, at) => 2 ** (((at * 2560) / count - 1280) / 32) * (at % 2 === 0 ? 1 + 1e-12 : 1 - 1e-12),
  );
}

/** Nearest rank. */
export function exactQuantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(q * sorted.length * (1 - 1e-12)) - 1)] as number;
}
