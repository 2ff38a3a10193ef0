import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isPortFree, projectRoot, type Config } from '#platform';
import { freeBytes, inGigabytes, ROOM } from '../platform/disk.js';
import { findRunningPlatform } from '../platform/running.js';
import { bad, good, warning, type Finding } from './finding.js';

const ANSWER_MS_MAX = 5_000;

/** What can be seen without database and chain. */
export async function examineMachine(config: Config): Promise<Finding[]> {
  return [examineNode(), await examineDisk(config.home), ...(await examineServices(config))];
}

function examineNode(): Finding {
  const wanted = requiredNode();
  const found = process.versions.node;
  if (compare(found, wanted) >= 0) return good('node', `Node ${found}`);
  return bad(
    'node',
    `Node ${found}, ${wanted} is needed`,
    'Start with `npm start`, which installs its own Node.',
  );
}

function requiredNode(): string {
  const content: unknown = JSON.parse(readFileSync(path.join(projectRoot(), 'package.json'), 'utf8'));
  const text = JSON.stringify(content).match(/"engines":\{"node":">=([\d.]+)"/)?.[1];
  if (text === undefined) throw new Error('package.json names no Node');
  return text;
}

function compare(one: string, other: string): number {
  const endpoints = (text: string) => text.split('.').map(Number);
  const [left, right] = [endpoints(one), endpoints(other)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function examineDisk(home: string): Promise<Finding> {
  await mkdir(home, { recursive: true });
  const free = await freeBytes(home);
  const seen = `${inGigabytes(free)} GB free where ${home} is`;
  const todo = 'Free space or move JANGTEO_HOME; a full disk stops the platform (it loses nothing).';
  if (free < ROOM.bad) return bad('disk', seen, todo);
  return free < ROOM.low ? warning('disk', seen, todo) : good('disk', seen);
}

/** Of a platform that runs here: does it serve? Else: could it? */
async function examineServices(config: Config): Promise<Finding[]> {
  const running = await findRunningPlatform(config.home);
  const findings: Finding[] = [];
  for (const [name, port, variable] of [
    ['api', config.port, 'PORT'],
    ['worker', config.workerPort, 'WORKER_PORT'],
  ] as const) {
    if (running) {
      findings.push(await examineReady(name, port));
    } else if (await isPortFree(port)) {
      findings.push(good(name, `does not run here; port ${port} is free`));
    } else {
      findings.push(
        warning(name, `does not run here, and port ${port} is taken`, `Set ${variable} to a free port.`),
      );
    }
  }
  return findings;
}

async function examineReady(name: string, port: number): Promise<Finding> {
  const url = `http://127.0.0.1:${port}/health/ready`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (response.ok) return good(name, `ready on port ${port}`);
    return bad(name, `not ready: ${(await response.text()).slice(0, 300)}`, `Look into logs/${name}.log.`);
  } catch {
    return bad(name, `no answer on port ${port}`, `Look into logs/${name}.log; the launcher restarts it.`);
  }
}
