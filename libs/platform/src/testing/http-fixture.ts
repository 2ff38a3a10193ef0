import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Inject, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsIn, IsString, MaxLength, ValidateNested } from 'class-validator';
import { packRegion } from '#domain';
import { MayCall } from '../callers.js';
import { HealthModule, Readiness } from '../health.js';
import { createHttpApp } from '../http-app.js';
import { Log } from '../logging.js';
import { MetricsRouteModule } from '../metrics.js';
import { ProblemException } from '../problem.js';
import {
  IsAddress,
  IsHex32,
  IsNested,
  IsPlainText,
  IsRegionCode,
  IsSignature65,
  IsUint,
  IsWon,
  MayBeAbsent,
} from '../validators.js';

class Inner {
  @IsWon()
  amount: bigint;

  @IsUint(32)
  nonce: number;
}

class Order {
  @IsAddress()
  payer: string;

  @IsNested(() => Inner)
  inner: Inner;

  @ValidateNested()
  @Type(() => Inner)
  @MayBeAbsent()
  raw?: Inner;

  @ValidateNested({ each: true })
  @Type(() => Inner)
  @MayBeAbsent()
  list?: Inner[];

  @IsRegionCode({ optional: true })
  region?: string;

  @IsIn(['sold', 'granted'])
  kind: string;

  @IsString()
  @MaxLength(5)
  note: string = '';

  @IsSignature65({ optional: true })
  signature?: string;

  @IsHex32({ optional: true, each: true })
  hashes?: string[];

  @IsPlainText({ optional: true, max: 10 })
  name?: string;

  @IsUint(256, { optional: true })
  large?: bigint;
}

class Page {
  @IsUint(16, { optional: true })
  limit: number = 20;

  @IsUint(256, { optional: true })
  above?: bigint;
}

@MayCall('anybody')
@Controller('v1/things')
class ThingsController {
  @Post()
  @HttpCode(200)
  create(@Body() order: Order): object {
    return { ...order, isInstance: order instanceof Order, doubled: order.inner.amount * 2n };
  }

  @Post('untyped')
  untyped(@Body() body: object): object {
    return body;
  }

  @Get()
  list(@Query() page: Page): object {
    return { limit: page.limit };
  }

  @Get('crash')
  crash(): never {
    throw new Error('password is hunter2');
  }

  @Get('refused')
  refused(): never {
    throw new ProblemException('wrong_region', { args: [packRegion('47110'), packRegion('47130')] });
  }

  @Get('one/:id')
  one(@Param('id') id: string): object {
    return { id };
  }
}

@MayCall('anybody')
@Controller('v1/acts')
class ActsController {
  @Post()
  act(@Body() page: Page): object {
    return page;
  }
}

/** What a test sets the parts to that `/health/ready` asks. */
class Parts {
  broken = false;
  doubtful = false;
}

@Module({
  imports: [HealthModule, MetricsRouteModule],
  controllers: [ThingsController, ActsController],
  providers: [Parts],
})
class ThingsModule {
  constructor(@Inject(Readiness) readiness: Readiness, @Inject(Parts) parts: Parts) {
    readiness.add('good', async () => ({ lag: 0 }));
    readiness.add('sometimes', async () => {
      if (parts.broken) throw new Error('connect ECONNREFUSED 10.0.0.7');
      return parts.doubtful ? { degraded: true } : undefined;
    });
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A body that `POST /v1/things` takes. */
export const GOOD = {
  payer: '0x52908400098527886E0F7030069857D2E4169EE7',
  inner: { amount: '12000', nonce: 7 },
  kind: 'sold',
};

/** An app with routes for everything that all routes share, listening on loopback. */
export class HttpFixture {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly base: string,
    /** What was logged, a line each. */
    readonly lines: readonly string[],
  ) {}

  static async start(): Promise<HttpFixture> {
    const lines: string[] = [];
    const names: Record<string, string> = { '47110': '포항시', '47130': '경주시' };
    const app = await createHttpApp(ThingsModule, {
      log: Log.create('test', 'debug', { write: (line: string) => void lines.push(line) }),
      regionName: (code) => names[code] ?? code,
      docs: { title: 'Test', version: '1', description: 'Test' },
    });
    await app.listen(0, '127.0.0.1');
    return new HttpFixture(app, await app.getUrl(), lines);
  }

  get parts(): Parts {
    return this.app.get(Parts);
  }

  async call(path: string, init: RequestInit = {}, lang?: string): Promise<Answer> {
    const headers = { ...(lang === undefined ? {} : { 'accept-language': lang }), ...init.headers };
    const response = await fetch(this.base + path, { ...init, headers });
    const body: unknown = JSON.parse(await response.text());
    if (typeof body !== 'object' || body === null) throw new Error('not an object');
    return { status: response.status, headers: response.headers, body: { ...body } };
  }

  post(path: string, body: unknown, lang?: string): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { 'content-type': 'application/json' };
    return this.call(path, { method: 'POST', body: text, headers }, lang);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
