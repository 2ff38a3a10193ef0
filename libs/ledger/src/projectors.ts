import {
  anchorsProjector,
  authoritiesProjector,
  handOverProjector,
  officerChangesProjector,
  placesProjector,
  skippedEntriesProjector,
} from '#access';
import { booksProjectors } from '#books';
import type { Projector } from '#indexer';
import { issuanceProjector, seriesProjector, seriesTotalProjector } from '#issuance';
import { merchantRegisterProjector } from '#merchants';
import { orderProjectors } from '#orders';
import { relayProjector } from '#relayer';
import { dailyTotalProjector, merchantDaysProjector } from '#reporting';
import { accountKeysProjector, accountRegisterProjector, purchaseMonthProjector } from '#residents';

/**
 * Every projector of the platform in the order in which they build on each other: registers before the orders that
 * name them, orders before what is summed up from them, and the books at the end.
 */
export function ledgerProjectors(): Projector[] {
  return [
    authoritiesProjector,
    officerChangesProjector,
    placesProjector,
    anchorsProjector,
    skippedEntriesProjector,
    seriesProjector,
    merchantRegisterProjector,
    accountRegisterProjector,
    accountKeysProjector,
    handOverProjector,
    issuanceProjector,
    ...orderProjectors,
    seriesTotalProjector,
    purchaseMonthProjector,
    dailyTotalProjector,
    merchantDaysProjector,
    relayProjector,
    ...booksProjectors(),
  ];
}
