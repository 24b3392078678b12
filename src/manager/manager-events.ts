import type { DiscardReason } from './exchange.js';
import type { UnfitValue } from './unfit-values.js';

/** What a manager tells its program, as it happens. */
export interface ManagerEvents {
  /** A datagram came that is no response to what was asked. */
  'datagram:discarded': [
    event: { readonly reason: DiscardReason; readonly address: string; readonly port: number },
  ];
  /** A typed row or scalar is not what the module says: see `isLeftOut`. */
  'value:unfit': [event: UnfitValue];
}
