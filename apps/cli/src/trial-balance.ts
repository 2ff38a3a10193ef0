import type { Command } from 'commander';
import { TrialBalanceRepository, TrialBalanceService, type TrialBalance } from '#books';
import { formatWon } from '#domain';
import { OperatorError, placesMeant, stringifyJson } from '#platform';
import { print } from './platform/console.js';
import { withLedger } from './platform/ledger.js';

interface Flags {
  readonly authority?: string;
  readonly series?: string;
  readonly json?: boolean;
}

/** `jangteo trial-balance`: debits and credits by account and funder, of all, of an authority, or of a series. */
export function registerTrialBalance(program: Command): void {
  program
    .command('trial-balance')
    .description('debits and credits of the books by account and funder')
    .option('--authority <region>', 'only the series of this authority (region code)')
    .option('--series <id>', 'only this series')
    .option('--json', 'print the result as JSON')
    .action(async (flags: Flags) => {
      const filter = readFilter(flags);
      const balance = await withLedger(process.env, ({ db }) =>
        new TrialBalanceService(new TrialBalanceRepository(db)).of(filter),
      );
      print(flags.json ? stringifyJson(balance) : tableOf(balance));
    });
}

function readFilter({ authority, series }: Flags): { authority?: string; series?: number } {
  // As GET /v1/books/trial-balance: any spelling of a place, former ones too; '' is the state.
  if (authority !== undefined && placesMeant(authority).length === 0) {
    throw new OperatorError(
      `--authority must be a region code that names a place in Korea, not "${authority}".`,
    );
  }
  if (series !== undefined && !/^[1-9]\d{0,8}$/.test(series)) {
    throw new OperatorError(`--series must be the number of a series, not "${series}".`);
  }
  return {
    ...(authority === undefined ? {} : { authority }),
    ...(series === undefined ? {} : { series: Number(series) }),
  };
}

function tableOf({ block, lines, debit, credit }: TrialBalance): string {
  const row = (account: string, funder: string, left: string, right: string) =>
    `${account.padEnd(20)}${funder.padEnd(10)}${left.padStart(24)}${right.padStart(24)}`;
  const amount = (won: bigint) => (won === 0n ? '' : formatWon(won, 'en'));
  return [
    `Books at block ${block ?? 'none'}`,
    row('account', 'funder', 'debit', 'credit'),
    ...lines.map((line) => row(line.account, line.funder, amount(line.debit), amount(line.credit))),
    row('total', '', formatWon(debit, 'en'), formatWon(credit, 'en')),
  ].join('\n');
}
