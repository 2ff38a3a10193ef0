import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemException } from './problem.js';

/** Resolves when the part works; may return figures to show. Throws when it does not. */
export type ReadinessCheck = () => Promise<Readonly<Record<string, string | number | boolean>> | void>;

/** A check that hangs counts as failed after this long. */
const CHECK_TIMEOUT_MS = 2_000;

type CheckResult = { readonly status: 'up' | 'down' } & Readonly<Record<string, string | number | boolean>>;

/** Where parts say how to find out whether they work; the ready route asks all of them. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();

  /** Adds a part; its name is a key of the answer. Throws when the name is taken. */
  add(name: string, check: ReadinessCheck): void {
    if (this.checks.has(name)) throw new Error(`readiness check ${name} exists`);
    this.checks.set(name, check);
  }

  /** Asks every part at the same time. */
  async ask(): Promise<{ ready: boolean; details: Record<string, CheckResult> }> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await runCheck(check)] as const),
    );
    const details = Object.fromEntries(entries);
    return { ready: entries.every(([, { status }]) => status === 'up'), details };
  }
}

async function runCheck(check: ReadinessCheck): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS);
    });
    const figures = await Promise.race([check(), timeout]);
    return { ...figures, status: 'up' };
  } catch {
    // The reason stays out: this route is open, and messages of drivers name hosts and users.
    return { status: 'down' };
  } finally {
    clearTimeout(timer);
  }
}

@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  @Get('live')
  @ApiOperation({ summary: 'The process runs' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The process and all it needs work; 503 with the parts that do not' })
  async ready(): Promise<{ status: 'ok'; details: Record<string, CheckResult> }> {
    const { ready, details } = await this.readiness.ask();
    if (ready) return { status: 'ok', details };
    const down = Object.keys(details).filter((name) => details[name]?.status === 'down');
    throw new ProblemException('unavailable', {
      fields: down.map((field) => ({ field, message: { ko: '작동하지 않습니다.', en: 'is down' } })),
    });
  }
}

/** /health/live and /health/ready; inject Readiness to add a part. */
@Module({ controllers: [HealthController], providers: [Readiness], exports: [Readiness] })
export class HealthModule {}
