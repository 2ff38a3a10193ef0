export { AdvisoryLock, type AdvisoryLockOptions } from './advisory-lock.js';
export { toBytes, toHex } from './bytes.js';
export {
  Clock,
  CLOCK_CHANNEL,
  clockLead,
  currentTime,
  leadClock,
  NOW_SECONDS,
  NOW_STAMP,
  requireRealClock,
  timeOf,
} from './clock.js';
export { ClockFollower, type ClockFollowerOptions } from './clock-follower.js';
export {
  koreanDate,
  koreanDateOfStamp,
  koreanDateStart,
  koreanDayNumber,
  koreanDayStart,
} from './korean-time.sql.js';
export type { DatabaseOptions } from './data-source.js';
export { Database, type Queryable, type Transaction } from './database.js';
export { hexColumn, numberColumn } from './column-transformers.js';
export { Listener, type ListenerOptions } from './listener.js';
export { createDatabase, withClient, withDatabase } from './embedded/database.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/supervisor.js';
export { clearOrphan as clearOrphanedPostgres } from './embedded/postmaster.js';
export {
  PersistenceModule,
  ReportDatabase,
  type PersistenceOptions,
  type ServicePersistence,
} from './persistence.module.js';
export {
  chooseRole,
  DATABASE_ROLES,
  ensureRoles,
  roleName,
  type DatabaseRole,
  type RoleMode,
} from './roles.js';
