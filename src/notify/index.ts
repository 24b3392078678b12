/**
 * Notifications (RFC 3413 section 3.3): traps and informs, built from a NOTIFICATION-TYPE, sent to
 * the targets configured and those that the tables select, informs until they are acknowledged.
 *
 * Does not know who decides that something is worth telling. Invariants: `send` never blocks and
 * never throws; every delivery settles exactly once; what waits for an acknowledgement is bounded.
 */
export {
  buildNotification,
  type Notification,
  type NotificationMib,
  type NotificationValues,
} from './notification.js';
export {
  completeTargets,
  NotifyTarget,
  type NotifyTargetOptions,
  type TargetSecurity,
  type TargetUser,
} from './targets.js';
export {
  DEFAULT_MAX_PENDING_INFORMS,
  NotificationOriginator,
  type Delivery,
  type DeliveryCounts,
  type DeliveryOutcome,
  type NotifyChannel,
} from './originator.js';
export { NotifyFilter } from './filter.js';
export type { NotSent, NotSentCode } from './not-sent.js';
export {
  MAX_SELECTED_RECEIVERS,
  selectReceivers,
  type ConfiguredReceiver,
  type Receiver,
  type ReceiverTables,
  type SelectedReceivers,
} from './receivers.js';
export { RateLimit } from './rate-limit.js';
