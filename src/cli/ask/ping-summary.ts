import { counted } from '../../base/index.js';

/** Round trips so far, as ping sums them up. */
export class PingSummary {
  sent = 0;
  received = 0;
  #least = Infinity;
  #most = 0;
  #sum = 0;
  #sumOfSquares = 0;

  add(rttMs: number): void {
    this.received += 1;
    this.#least = Math.min(this.#least, rttMs);
    this.#most = Math.max(this.#most, rttMs);
    this.#sum += rttMs;
    this.#sumOfSquares += rttMs * rttMs;
  }

  /** 0 where nothing was sent. */
  get lossPercent(): number {
    return this.sent === 0 ? 0 : ((this.sent - this.received) / this.sent) * 100;
  }

  /** In milliseconds; undefined where nothing came. */
  get rtt(): { readonly [Each in 'min' | 'avg' | 'max' | 'mdev']: number } | undefined {
    if (this.received === 0) return undefined;
    const avg = this.#sum / this.received;
    const variance = Math.max(0, this.#sumOfSquares / this.received - avg * avg);
    return { min: this.#least, avg, max: this.#most, mdev: Math.sqrt(variance) };
  }

  lines(agent: string, totalMs: number): readonly string[] {
    const { sent, received, lossPercent, rtt } = this;
    const loss = Number(lossPercent.toFixed(1));
    const lines = [
      `--- ${agent} ping statistics ---`,
      `${counted(sent, 'request')} sent, ${received} answered, ${loss}% lost, time ${Math.round(totalMs)} ms`,
    ];
    if (rtt === undefined) return lines;
    const times = [rtt.min, rtt.avg, rtt.max, rtt.mdev].map((ms) => ms.toFixed(3)).join('/');
    return [...lines, `rtt min/avg/max/mdev = ${times} ms`];
  }
}
