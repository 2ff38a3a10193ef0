import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module, Post, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MayCall, RouteCallers } from './callers.js';
import { createHttpApp } from './http-app.js';
import { Log } from './logging.js';
import { addOrigin } from './origins.js';

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

@MayCall('anybody', { from: 'console' })
@Controller('v1/officers')
class ConsoleController {
  @Get()
  list(): object {
    return { list: [] };
  }

  @MayCall('operator')
  @Get('one')
  one(): object {
    return {};
  }

  @MayCall('anybody', { from: 'public' })
  @Get('open')
  open(): object {
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

  it('may be the callers of one origin: on another one the route does not exist', async () => {
    const app = await appOf(ConsoleController, ThingsController);
    const console = addOrigin(app, 'console');
    await app.listen(0, '127.0.0.1');
    console.listen(0, '127.0.0.1');
    await once(console, 'listening');
    const urlOf = ({ port }: AddressInfo) => `http://127.0.0.1:${port}`;
    const origins = [await app.getUrl(), urlOf(console.address() as AddressInfo)];
    const statuses = async (path: string) =>
      Promise.all(origins.map(async (url) => (await fetch(url + path)).status));
    try {
      expect(await statuses('/v1/officers')).toEqual([404, 200]);
      expect(await statuses('/v1/officers/one')).toEqual([404, 200]);
      expect(await statuses('/v1/officers/open')).toEqual([200, 404]);
      expect(await statuses('/v1/things')).toEqual([200, 200]);
      expect(await (await fetch(`${origins[0]}/v1/officers`)).json()).toMatchObject({ code: 'not_found' });
      expect(app.get(RouteCallers).all()).toContainEqual({
        route: 'GET /v1/officers/one',
        caller: 'operator',
        from: 'console',
      });
    } finally {
      await app.close();
    }
    expect(console.listening).toBe(false);
  });
});
