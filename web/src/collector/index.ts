// SPDX-License-Identifier: MIT
// `souk/collector`: the reference backend as a `Request → Response` handler. No Node import; `souk/collector/node` has the server and the
// stores.
export { auditJournal, type JournalAudit } from './audit.js';
export {
  createTestClock,
  createTravellingClock,
  systemClock,
  type Clock,
  type TestClock,
  type TravellingClock,
} from './clock.js';
export { createCollector, type Collector } from './collector.js';
export type { Rate } from './http/rate.js';
export type { IncomingRequest, Unread } from './http/incoming.js';
export type { RequestInfo } from './http/router.js';
export type { LogEntry, LogFields, LogLevel } from './log.js';
export { defaultLimits, type CollectorOptions, type Limits } from './options.js';
export type { Webhook, WebhookTarget } from './outbox.js';
export type { Sql, SqlValue, Store } from './store/sql.js';
