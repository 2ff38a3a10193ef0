import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  BAND_END,
  rolesOfBits,
  walletOfKeyId,
  type AuthorityThresholds,
  type OfficerEntry,
} from '#contracts';
import { isoTime, isRegionCode } from '#domain';
import { Clock } from '#persistence';
import {
  authorityCodes,
  cursorOf,
  limitOf,
  MayCall,
  type Page,
  pageOf,
  PageQuery,
  ProblemException,
} from '#platform';
import { RegionDirectory } from '../regions/region-directory.js';
import {
  AuthorityDetailDto,
  AuthorityDto,
  AuthorityPageDto,
  type OfficerDto,
  type ThresholdsDto,
} from './authorities.dto.js';
import { AuthoritiesRepository, type AuthorityRow } from './authorities.repository.js';
import { OfficerChangesRepository } from './officer-changes.repository.js';

@ApiTags('authorities')
@MayCall('anybody')
@Controller('v1/authorities')
export class AuthoritiesController {
  constructor(
    private readonly authorities: AuthoritiesRepository,
    private readonly changes: OfficerChangesRepository,
    private readonly clock: Clock,
    private readonly regions: RegionDirectory,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Governments that issue vouchers; the state itself has the empty code' })
  @ApiOkResponse({ type: AuthorityPageDto })
  async list(@Query() query: PageQuery): Promise<Page<AuthorityDto>> {
    const [after] = cursorOf(query, [/^(\d{2,10})?$/]) ?? [];
    const limit = limitOf(query);
    const rows = await this.authorities.list(after, limit + 1);
    return pageOf(
      rows,
      limit,
      (row) => [row.region],
      (row) => this.show(row),
    );
  }

  @Get(':code')
  @ApiOperation({
    summary: 'An authority with its officers and how many of them an act needs (`state` = the state)',
  })
  @ApiOkResponse({ type: AuthorityDetailDto })
  async one(@Param('code') code: string): Promise<AuthorityDetailDto> {
    const row = await this.find(code === 'state' ? '' : code);
    const region = row?.region ?? code;
    const limits = row && (await this.authorities.thresholds(region));
    if (!row || !limits) throw new ProblemException('not_found');
    const now = await this.clock.now();
    const [officers, changes, [reseat]] = await Promise.all([
      this.authorities.officers(region),
      this.changes.changes(now, region),
      this.changes.reseats(now, region),
    ]);
    return {
      ...this.show(row),
      officers: [...officers.values()].map(showOfficer),
      thresholds: showThresholds(limits),
      changes: changes.map(({ id, officers: list, thresholds, area, readyAt, firm, stoppedBy }) => ({
        id,
        officers: list && list.map(showOfficer),
        thresholds: thresholds && showThresholds(thresholds),
        area,
        readyAt: isoTime(readyAt),
        firm,
        stoppedBy: [...stoppedBy],
      })),
      reseat: reseat
        ? {
            founder: reseat.founder,
            officers: reseat.officers.map(showOfficer),
            thresholds: showThresholds(reseat.thresholds),
            readyAt: isoTime(reseat.readyAt),
          }
        : null,
    };
  }

  /** As it was founded, else by what it answers for: the one place that is meant. */
  private async find(spelling: string): Promise<AuthorityRow | undefined> {
    if (!isRegionCode(spelling)) return undefined;
    const found = await this.authorities.meant(authorityCodes(spelling));
    const [one, ...others] = found;
    return found.find(({ region }) => region === spelling) ?? (others.length === 0 ? one : undefined);
  }

  private show({ region, founder, areas }: AuthorityRow): AuthorityDto {
    return {
      code: region,
      name: this.regions.name(areas.at(-1) ?? region, 'ko'),
      areas: [...areas],
      founder,
    };
  }
}

function showOfficer({ id, keys, roles }: OfficerEntry): OfficerDto {
  return {
    id,
    keys: keys.map((key) => ({ id: key, wallet: walletOfKeyId(key) })),
    roles: rolesOfBits(roles),
  };
}

function showThresholds({ governors, registrars, bands }: AuthorityThresholds): ThresholdsDto {
  return {
    governors,
    registrars,
    bands: bands.map(({ upTo, officers }) => ({ upTo: upTo === BAND_END ? null : String(upTo), officers })),
  };
}
