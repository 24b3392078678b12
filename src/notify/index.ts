/**
 * Notifications (RFC 3413 section 3.3): traps and informs, built from a NOTIFICATION-TYPE, sent to
 * the targets configured, informs until they are acknowledged.
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
  type NotifyTarget,
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
export { RateLimit } from './rate-limit.js';
