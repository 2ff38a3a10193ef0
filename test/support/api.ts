import { Module, type DynamicModule } from '@nestjs/common';
import { DeploymentModule } from '#node';
import { PersistenceModule } from '#persistence';
import { createHttpApp, Log } from '#platform';

/** An answer with its body parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Some feature modules behind real HTTP on a loopback port. */
export interface TestApi {
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** A string is sent as it is, anything else as JSON (bigint as digits). */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts the modules with the database and the deployment stored in it. Close it in `afterAll`. */
export async function startTestApi(databaseUrl: string, modules: readonly DynamicModule[]): Promise<TestApi> {
  @Module({
    imports: [PersistenceModule.forRoot({ url: databaseUrl }), DeploymentModule.forRoot(), ...modules],
  })
  class TestModule {}

  const app = await createHttpApp(TestModule, { log: Log.silent() });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(url + path, init);
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null) throw new Error(`${path} answers ${String(body)}`);
    return { status: response.status, headers: response.headers, body: { ...body } };
  };
  return {
    url,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : toJson(body),
      }),
    close: () => app.close(),
  };
}

/** JSON with bigint as digits, as clients send won. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}
