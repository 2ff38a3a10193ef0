import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { nextNonce } from '#domain';
import { Purse } from '#payments';
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

function takingView({ series, balance, earned, top, window_bits: bits, pending }: TakingRow): TakingView {
  const window = { top: Number(top), bitmap: BigInt.asUintN(64, bits) };
  const purse = Purse.of({ balance, window, spentToday: 0n }, series, pending);
  return {
    series,
    balance,
    reserved: balance - purse.balance,
    redeemable: purse.balance,
    earned,
    nextNonce: nextNonce(purse.window),
  };
}
