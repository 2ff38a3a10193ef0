import { Controller, Get, Module, Post, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MayCall, RouteCallers } from './callers.js';
import { createHttpApp } from './http-app.js';
import { Log } from './logging.js';

const log = Log.create('test', 'silent');

@MayCall('operator')
@Controller('v1/things')
class ThingsController {
  @Get()
  list(): object {
    return {};
  }

  @MayCall('anybody')
  @Get(':id')
  one(): object {
    return {};
  }
}

@Controller('v1/others')
class OthersController {
  @MayCall('anybody')
  @Get()
  list(): object {
    return {};
  }

  @Post(':id/change')
  change(): object {
    return {};
  }
}

async function appOf(...controllers: Type[]): Promise<NestFastifyApplication> {
  @Module({ controllers })
  class TestModule {}
  return createHttpApp(TestModule, { log });
}

describe('who may call a route', () => {
  it('is what the route declares, else what its controller declares', async () => {
    const app = await appOf(ThingsController);
    await app.init();
    expect(app.get(RouteCallers).all()).toEqual([
      { route: 'GET /v1/things', caller: 'operator' },
      { route: 'GET /v1/things/:id', caller: 'anybody' },
    ]);
    await app.close();
  });

  it('must be declared: a process does not start with a route that declares no caller', async () => {
    const app = await appOf(OthersController);
    await expect(app.init()).rejects.toThrow('Routes without @MayCall: POST /v1/others/:id/change');
  });
});
