import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MayCall, PublicUrl } from '#platform';
import { CurrentDeployment } from '#node';
import {
  ACT_TYPES,
  authoritiesDomain,
  CANCELLATION_TYPES,
  CIRCULATION_TYPES,
  DOMAIN_TYPES,
  GIFT_TYPES,
  HAND_OVER_OBJECTION_TYPES,
  CONSENT_TYPES,
  KEY_CHANGE_TYPES,
  MERCHANT_CANCELLATION_TYPES,
  OBJECTION_TYPES,
  PAYMENT_TYPES,
  QUOTA_ISSUE_TYPES,
  REDEMPTION_TYPES,
  REFUND_TYPES,
  VOID_TYPES,
  WITHDRAWAL_TYPES,
  vouchersDomain,
} from '#contracts';
import { CATEGORIES, isoTime, REFUSALS } from '#domain';
import { Clock } from '#persistence';
import { ChainRepository } from './chain.repository.js';
import { CategoryListDto, ChainDto, RefusalListDto, showRefusal } from './discovery.dto.js';

/** What a client that knows only HTTP and a signing library needs to begin. */
@ApiTags('chain')
@MayCall('anybody')
@Controller('v1')
export class DiscoveryController {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly chain: ChainRepository,
    private readonly clock: Clock,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get('chain')
  @ApiOperation({
    summary: 'Chain, contracts, and the EIP-712 domains and types of everything that is signed',
  })
  @ApiOkResponse({ type: ChainDto })
  async describe(): Promise<ChainDto> {
    const { chainId, authorities, vouchers, blockNumber, unit, starts } = this.deployment;
    const block = await this.chain.indexedBlock();
    return {
      chainId,
      contracts: { authorities, vouchers },
      unit: { ...unit },
      startsAfter: { series: starts.series, issueOrders: String(starts.issueOrders) },
      deploymentBlock: String(blockNumber),
      indexedBlock: block
        ? { number: String(block.number), hash: block.hash, time: isoTime(block.timestamp) }
        : null,
      domains: {
        vouchers: { ...vouchersDomain(this.deployment) },
        authorities: { ...authoritiesDomain(this.deployment) },
      },
      types: {
        ...DOMAIN_TYPES,
        ...PAYMENT_TYPES,
        ...VOID_TYPES,
        ...GIFT_TYPES,
        ...CIRCULATION_TYPES,
        ...REDEMPTION_TYPES,
        ...REFUND_TYPES,
        ...CANCELLATION_TYPES,
        ...MERCHANT_CANCELLATION_TYPES,
        ...KEY_CHANGE_TYPES,
        ...OBJECTION_TYPES,
        ...CONSENT_TYPES,
        ...HAND_OVER_OBJECTION_TYPES,
        ...QUOTA_ISSUE_TYPES,
        ...ACT_TYPES,
        ...WITHDRAWAL_TYPES,
      },
      serverTime: isoTime(await this.clock.now()),
      tokenUri: this.publicUrl.of('/v1/tokens/{id}.json'),
      refusals: '/v1/refusals',
      documentation: '/docs',
    };
  }

  @Get('categories')
  @ApiOperation({ summary: 'Business categories: the number on chain, the key in terms and acts, names' })
  @ApiOkResponse({ type: CategoryListDto })
  categories(): CategoryListDto {
    return { items: CATEGORIES.map(({ id, ...category }) => ({ number: id, ...category })) };
  }

  @Get('refusals')
  @ApiOperation({ summary: 'Every code with which chain or server refuses, in Korean and English' })
  @ApiOkResponse({ type: RefusalListDto })
  refusals(): RefusalListDto {
    return { items: REFUSALS.map(showRefusal) };
  }
}
