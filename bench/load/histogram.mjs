/**
 * A log-linear histogram of durations: 64 steps per power of two, hence an error below 1.6 %.
 *
 * Guards the decision to report percentiles of every request rather than of a sample: recording
 * costs one array increment.
 */

const STEPS = 64;
const POWERS = 24;

export class Histogram {
  /** BOUNDED by STEPS * POWERS: durations above 2^24 microseconds count as that. */
  #counts = new Uint32Array(STEPS * POWERS);
  #total = 0;

  /** @param {number} micros */
  record(micros) {
    const v = micros < 1 ? 1 : micros;
    const power = Math.min(31 - Math.clz32(v), POWERS - 1);
    const step = Math.min(STEPS - 1, ((v / (1 << power) - 1) * STEPS) | 0);
    this.#counts[power * STEPS + step] += 1;
    this.#total += 1;
  }

  /** @param {number} share 0..1 @returns {number} microseconds, 0 if nothing was recorded */
  percentile(share) {
    let left = Math.ceil(this.#total * share);
    if (left === 0) return 0;
    for (let i = 0; i < this.#counts.length; i += 1) {
      left -= this.#counts[i];
      if (left <= 0) return (1 << Math.floor(i / STEPS)) * (1 + ((i % STEPS) + 0.5) / STEPS);
    }
    return 1 << POWERS;
  }
}
