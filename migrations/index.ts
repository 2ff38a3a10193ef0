import { Anchors1764100000033 } from './1764100000033-anchors.js';
import { App1764100000005 } from './1764100000005-app.js';
import { Books1764100000004 } from './1764100000004-books.js';
import { BoundedPowers1764100000012 } from './1764100000012-bounded-powers.js';
import { Cancellations1764100000020 } from './1764100000020-cancellations.js';
import { Chain1764100000002 } from './1764100000002-chain.js';
import { Clock1764100000001 } from './1764100000001-clock.js';
import { Extensions1764100000032 } from './1764100000032-extensions.js';
import { Jobs1764100000009 } from './1764100000009-jobs.js';
import { LaterRefusals1764100000013 } from './1764100000013-later-refusals.js';
import { Moves1764100000031 } from './1764100000031-moves.js';
import { Officers1764100000011 } from './1764100000011-officers.js';
import { Orders1764100000006 } from './1764100000006-orders.js';
import { Places1764100000015 } from './1764100000015-places.js';
import { RecordAuthority1764100000008 } from './1764100000008-record-authority.js';
import { Regions1764100000000 } from './1764100000000-regions.js';
import { Relayers1764100000014 } from './1764100000014-relayers.js';
import { Reports1764100000007 } from './1764100000007-reports.js';
import { SignedByDevice1764100000021 } from './1764100000021-signed-by-device.js';
import { StoredFiles1764100000010 } from './1764100000010-stored-files.js';
import { Unit1764100000034 } from './1764100000034-unit.js';
import { Value1764100000003 } from './1764100000003-value.js';
import { WhoAnswers1764100000030 } from './1764100000030-who-answers.js';

/** In the order in which they run. Forward only. */
export const migrations = [
  Regions1764100000000,
  Clock1764100000001,
  Chain1764100000002,
  Value1764100000003,
  Books1764100000004,
  App1764100000005,
  Orders1764100000006,
  Reports1764100000007,
  RecordAuthority1764100000008,
  Jobs1764100000009,
  StoredFiles1764100000010,
  Officers1764100000011,
  BoundedPowers1764100000012,
  LaterRefusals1764100000013,
  Relayers1764100000014,
  Places1764100000015,
  Cancellations1764100000020,
  SignedByDevice1764100000021,
  WhoAnswers1764100000030,
  Moves1764100000031,
  Extensions1764100000032,
  Anchors1764100000033,
  Unit1764100000034,
];
