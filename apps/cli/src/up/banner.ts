import path from 'node:path';
import type { Config } from '#platform';
import type { RunningPlatform } from '../platform/running.js';

/** What to open, who one can be, and what to try. */
export function banner(config: Config, platform: RunningPlatform, demoFile: string | undefined): string {
  const api = platform.apiUrl;
  const lines = [
    '',
    '  Jangteo is running.',
    '',
    `    Open        ${api}/`,
    `    Wallet      ${api}/wallet`,
    `    Till        ${api}/till`,
    `    API docs    ${api}/docs`,
    `    Health      ${api}/health/ready`,
    `    Chain RPC   ${platform.chainUrl}`,
    `    State       ${config.home}`,
    `    Logs        ${path.join(config.home, 'logs')}`,
  ];
  if (demoFile !== undefined) {
    lines.push(
      '',
      `    Demo identities (officers, merchants, residents with their keys): ${demoFile}`,
      '',
      '    Try',
      `      curl '${api}/v1/reports/summary?group=region'`,
      `      curl '${api}/v1/merchants?region=47130&limit=5'`,
      '      npm run jangteo -- demo --pay            a resident pays in region, then out of region',
      '      npm run jangteo -- demo --scale          2,000 merchants, 20,000 residents, a day of payments',
    );
  }
  lines.push('', '    Ctrl-C stops everything; nothing is lost. `npm run reset` starts over.', '');
  return lines.join('\n');
}
