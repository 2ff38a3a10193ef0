import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { movable, nextNonce, redeemable, type TakingsState } from '#domain';
import { readPending, seriesRulesOf, TakingsPurse } from '#payments';
import { Database } from '#persistence';
import { ProblemException } from '#platform';
import { MerchantParams, TakingsView, TakingView } from './redemption.dto.js';
import { isMerchant, loadTakings, type TakingRow } from './takings.repository.js';

@ApiTags('merchants')
@Controller('v1/merchants')
export class TakingsController {
  constructor(private readonly db: Database) {}

  @Get(':id/takings')
  @ApiOperation({ summary: 'What a merchant has taken and may redeem, by series' })
  @ApiOkResponse({ type: TakingsView })
  async takings(@Param() { id }: MerchantParams): Promise<TakingsView> {
    const rows = await loadTakings(this.db, id);
    if (rows.length === 0 && !(await isMerchant(this.db, id))) throw new ProblemException('not_found');
    return { merchant: id, takings: rows.map(takingView) };
  }
}

/** What is left when all that was accepted is settled. */
function takingView(row: TakingRow): TakingView {
  const { series, balance, hop1, hop2, hop3, top, window_bits: bits, pending } = row;
  const state: TakingsState = {
    balance,
    travelled: [hop1, hop2, hop3],
    window: { top: Number(top), bitmap: BigInt.asUintN(64, bits) },
  };
  const rules = seriesRulesOf(row.packed, null);
  const purse = new TakingsPurse();
  purse.know(new Map([[series, { rules, state }]]));
  for (const order of readPending(pending)) if (order.series.includes(series)) purse.replay(order);
  const left = purse.of(series);
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
