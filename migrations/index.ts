import { App1764100000004 } from './1764100000004-app.js';
import { MerchantDays1764100000005 } from './1764100000005-merchant-days.js';
import { LostTransactions1764100000008 } from './1764100000008-lost-transactions.js';
import { NarrowReports1764100000007 } from './1764100000007-narrow-reports.js';
import { ReportRollups1764100000006 } from './1764100000006-report-rollups.js';
import { Books1764100000003 } from './1764100000003-books.js';
import { ChainValue1764100000002 } from './1764100000002-chain-value.js';
import { Chain1764100000001 } from './1764100000001-chain.js';
import { Clock1764100000009 } from './1764100000009-clock.js';
import { Regions1764100000000 } from './1764100000000-regions.js';

/** In the order in which they run. Forward only. */
export const migrations = [
  Regions1764100000000,
  Chain1764100000001,
  ChainValue1764100000002,
  Books1764100000003,
  App1764100000004,
  MerchantDays1764100000005,
  ReportRollups1764100000006,
  NarrowReports1764100000007,
  LostTransactions1764100000008,
  Clock1764100000009,
];
