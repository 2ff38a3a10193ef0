import { Controller, Get, Injectable, Module, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
  TerminusModule,
} from '@nestjs/terminus';
import { MayCall } from './callers.js';
import { ProblemException } from './problem.js';

/**
 * Resolves when the part works; may return figures to show, `degraded: true` among them when it works and somebody
 * should look. Throws when it does not.
 */
export type ReadinessCheck = () => Promise<Readonly<Record<string, string | number | boolean>> | void>;

/** A check that hangs counts as failed after this long. */
const CHECK_TIMEOUT_MS = 2_000;

/** Where parts say how to find out whether they work; the ready route asks all of them. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();

  constructor(private readonly indicators: HealthIndicatorService) {}

  /** Adds a part; its name is a key of the answer. Throws when the name is taken. */
  add(name: string, check: ReadinessCheck): void {
    if (this.checks.has(name)) throw new Error(`readiness check ${name} exists`);
    this.checks.set(name, check);
  }

  /** An indicator of each part, for Terminus. */
  get all(): (() => Promise<HealthIndicatorResult>)[] {
    return [...this.checks].map(
      ([name, check]) =>
        () =>
          this.indicate(name, check),
    );
  }

  private async indicate(name: string, check: ReadinessCheck): Promise<HealthIndicatorResult> {
    const part = this.indicators.check(name);
    let timer: NodeJS.Timeout | undefined;
    try {
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS);
      });
      return part.up((await Promise.race([check(), timeout])) ?? {});
    } catch {
      // The reason stays out: this route is open, and messages of drivers name hosts and users.
      return part.down();
    } finally {
      clearTimeout(timer);
    }
  }
}

@ApiTags('operations')
@MayCall('anybody')
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly health: HealthCheckService,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'The process runs' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The process and all it needs work; 503 with the parts that do not' })
  async ready(): Promise<{ status: 'ok' | 'degraded'; details: HealthIndicatorResult }> {
    try {
      const { details } = await this.health.check(this.readiness.all);
      // Not 503: whoever shares out requests would send none here, and the part does its work.
      const isDegraded = Object.values(details).some((part) => part['degraded'] === true);
      return { status: isDegraded ? 'degraded' : 'ok', details };
    } catch (error) {
      throw error instanceof ServiceUnavailableException ? problemOf(error.getResponse()) : error;
    }
  }
}

/** Terminus's answer as a problem document: every part that is down is a field. */
function problemOf(response: string | object): ProblemException {
  const details: unknown = typeof response === 'object' && 'error' in response ? response.error : undefined;
  const down = typeof details === 'object' && details !== null ? Object.keys(details) : [];
  return new ProblemException('unavailable', {
    fields: down.map((field) => ({ field, message: { ko: '작동하지 않습니다.', en: 'is down' } })),
  });
}

/** /health/live and /health/ready; inject Readiness to add a part. */
@Module({
  // The problem document and the access log say which part is down; Terminus would write it a second time.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Readiness],
  exports: [Readiness],
})
export class HealthModule {}
