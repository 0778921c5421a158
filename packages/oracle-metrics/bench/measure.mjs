/**
 * CPU time of this process in nanoseconds. On a machine that others use too, the wall clock would measure them as well.
 */
export function cpuNs() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** The median of the ratios round by round: what disturbs a round disturbs both sides of it. */
export function medianRatio(ours, theirs) {
  return median(ours.map((figure, round) => figure / theirs[round]));
}

export function median(list) {
  return quantile(list, 0.5);
}

/** Nearest rank. */
export function quantile(list, q) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

/** Lognormal durations in milliseconds, whole numbers, always the same. */
export function values(count, seed = 42) {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(1, Math.round(Math.exp(5 + normal)));
  });
}
