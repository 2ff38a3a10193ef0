import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { movable, nextNonce, redeemable, type MerchantBalanceState } from '#domain';
import { projectMerchantBalances, seriesRulesOf } from '#orders';
import { Database } from '#persistence';
import { MayCall, ProblemException } from '#platform';
import { MerchantParams, MerchantBalanceView, SeriesBalanceView } from './merchant-balance.dto.js';
import { isMerchant, loadMerchantBalances, type MerchantBalanceRow } from './merchant-balance.repository.js';

@ApiTags('merchants')
@MayCall('anybody')
@Controller('v1/merchants')
export class MerchantBalanceController {
  constructor(private readonly db: Database) {}

  @Get(':id/balance')
  @ApiOperation({ summary: 'What a merchant has taken and may redeem, by series' })
  @ApiOkResponse({ type: MerchantBalanceView })
  async merchantBalance(@Param() { id }: MerchantParams): Promise<MerchantBalanceView> {
    const rows = await loadMerchantBalances(this.db, id);
    if (rows.length === 0 && !(await isMerchant(this.db, id))) throw new ProblemException('not_found');
    return { merchant: id, balances: rows.map(seriesBalanceView) };
  }
}

/** What is left when all that was accepted is settled. */
function seriesBalanceView(row: MerchantBalanceRow): SeriesBalanceView {
  const { series, balance, hop1, hop2, hop3, top, window_bits: bits, reserved } = row;
  const state: MerchantBalanceState = {
    balance,
    byHop: [hop1, hop2, hop3],
    window: { top: Number(top), bitmap: BigInt.asUintN(64, bits) },
  };
  const rules = seriesRulesOf(row.packed);
  const left = projectMerchantBalances(new Map([[series, { rules, state }]]), reserved).of(series);
  return {
    series,
    balance: redeemable(state),
    reserved: redeemable(state) - redeemable(left),
    redeemable: redeemable(left),
    fromResidents: left.balance,
    movable: movable(left, rules?.hops ?? 0),
    nextNonce: nextNonce(left.window),
  };
}
