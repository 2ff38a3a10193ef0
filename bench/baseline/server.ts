/**
 * The way of a payment as most pilots build it: the same HTTP, validation, signature check and batched acceptance as
 * ours, then one ERC-20 transaction for each payment, signed and stored before it is sent, and an indexer that copies
 * the transfers in one database transaction per range. Nothing of our rules, books, outbox or reports.
 */
import 'reflect-metadata';
import { type BaselineSettings, BaselineService } from './service.js';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import {
  createHttpApp,
  IsAddress,
  IsHex32,
  IsSeriesList,
  IsSignature65,
  IsUint,
  IsWon,
  Log,
  MayCall,
  Metrics,
  MetricsModule,
} from '#platform';

class AuthorisationDto {
  @IsAddress() payer!: string;
  @IsAddress() merchant!: string;
  @IsSeriesList() series!: number[];
  @IsWon() amount!: bigint;
  @IsUint(32) nonce!: number;
  @IsUint(40) deadline!: number;
  @IsHex32() order!: string;
}

class SubmitDto {
  @IsObject()
  @ValidateNested()
  @Type(() => AuthorisationDto)
  authorisation!: AuthorisationDto;

  @IsSignature65() proof!: string;
}

@MayCall('anybody')
@Controller('v1/payments')
class BaselineController {
  constructor(private readonly service: BaselineService) {}

  @Post()
  @HttpCode(202)
  async submit(@Body() { authorisation, proof }: SubmitDto): Promise<Record<string, unknown>> {
    const id = await this.service.submit(authorisation, proof);
    return { id, state: 'accepted', ...authorisation };
  }
}

async function main(): Promise<void> {
  const settings: BaselineSettings = JSON.parse(process.env.BASELINE ?? '{}');
  const service = await BaselineService.start(settings);

  @Module({
    imports: [MetricsModule],
    controllers: [BaselineController],
    providers: [{ provide: BaselineService, useValue: service }],
  })
  class BaselineModule {}

  const app = await createHttpApp(BaselineModule, { log: Log.silent() });
  app.get(Metrics).collectProcess();
  await app.listen(0, '127.0.0.1');
  process.once('SIGTERM', () => void service.stop().then(() => process.exit(0)));
  process.stdout.write(`${await app.getUrl()}\n`);
}

await main();
