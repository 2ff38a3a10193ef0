import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { findFreePort, projectRoot } from '#platform';
import { UNLIMITED } from '../../test/support/unlimited.js';

const STOP_MS_MAX = 10_000;

/** The API as people start it, in a process of its own. Its node is not asked for reports. */
export class ApiProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(databaseUrl: string, home: string): Promise<ApiProcess> {
    const root = projectRoot();
    const port = await findFreePort();
    const child = fork(path.join(root, 'apps', 'api', 'src', 'main.ts'), {
      cwd: root,
      execArgv: [
        '--conditions=source',
        '--no-warnings',
        '--import',
        path.join(root, 'test', 'setup', 'typescript.mjs'),
      ],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        JANGTEO_HOME: home,
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        DATABASE_ROLES: 'required',
        CHAIN_RPC_URL: 'http://127.0.0.1:9',
        LOG_LEVEL: 'error',
        ...UNLIMITED,
      },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the API ended with ${code}`)));
    });
    return new ApiProcess(child, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS_MAX);
    await ended;
    clearTimeout(timer);
  }
}
