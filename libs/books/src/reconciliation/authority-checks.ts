import { areasOf } from '#access';
import { OFFICERS_LIFE_SECONDS, packAreas, packRegion } from '#domain';
import { koreanDate, toHex } from '#persistence';
import { contractCheck, type ContractCheck } from './contract-checks.js';

type Officer = { authority: string; officer: bigint; keys: Buffer[]; roles: number };
type Limits = {
  authority: string;
  governors: number;
  registrars: number;
  bands: { upTo: string; officers: number }[];
};
type Waiting = { authority: string; change: Buffer; ready_at: bigint; firm: boolean };

/** After the newest reseat of the authority of `row`, if there was any. */
const SEATED = (row: string): string => `
  NOT EXISTS (SELECT FROM chain.reseat_end e WHERE e.authority = ${row}.authority AND e.seated
                 AND (e.block_number, e.log_index) > (${row}.block_number, ${row}.log_index))`;

/** Of the newest block. */
const BLOCK_TIME = `(SELECT b.timestamp FROM chain.cursor c JOIN chain.block b ON b.number = c.block_number)`;

const CHANGES = `
  SELECT c.authority, c.change, c.ready_at, c.firm
    FROM (SELECT DISTINCT ON (authority, change) * FROM chain.officer_change
           ORDER BY authority, change, block_number DESC, log_index DESC) c
   WHERE c.ready_at >= ${BLOCK_TIME} - ${OFFICERS_LIFE_SECONDS}
     AND NOT EXISTS (SELECT FROM chain.officer_change_end e
                      WHERE e.authority = c.authority AND (e.change IS NULL OR e.change = c.change)
                        AND (e.block_number, e.log_index) > (c.block_number, c.log_index))
   ORDER BY c.authority, c.change`;

const RESEATS = `
  SELECT a.region AS authority,
         coalesce((SELECT r.ready_at FROM chain.reseat r
                    WHERE r.authority = a.region AND r.ready_at >= ${BLOCK_TIME} - ${OFFICERS_LIFE_SECONDS}
                      AND NOT EXISTS (SELECT FROM chain.reseat_end e WHERE e.authority = r.authority
                                         AND (e.block_number, e.log_index) > (r.block_number, r.log_index))
                    ORDER BY r.block_number DESC, r.log_index DESC LIMIT 1), 0)::bigint AS ready_at
    FROM chain.authority a ORDER BY a.region`;

/** What each authority approved for issue on the Korean day of the newest block. */
const APPROVED = `
  SELECT a.region AS authority,
         least(coalesce((SELECT sum(o.total) FROM chain.issue_order o JOIN chain.block b ON b.number = o.block_number
                          WHERE o.approved_by = a.region
                            AND ${koreanDate('b.timestamp')} = ${koreanDate(BLOCK_TIME)}), 0),
               18446744073709551615)::text AS won
    FROM chain.authority a ORDER BY a.region`;

/** Officers, thresholds, areas and anchors, and what is under way about them, against the contract's own. */
export const AUTHORITY_CHECKS: readonly ContractCheck[] = [
  contractCheck<{ authority: string; kind: number; number: bigint; root: Buffer }>({
    check: 'newest anchor',
    sql: `SELECT DISTINCT ON (authority, kind) authority, kind, number, root FROM chain.anchor
           ORDER BY authority, kind, number DESC`,
    probe: ({ authority, kind, number, root }) => ({
      target: 'authorities',
      key: `authority ${authority}, kind ${kind}`,
      view: 'anchorOf',
      args: [packRegion(authority), kind],
      stored: { root: toHex(root), number: String(number) },
    }),
  }),
  contractCheck<Officer>({
    check: 'officer',
    sql: `SELECT * FROM (SELECT DISTINCT ON (authority, officer) * FROM chain.officer_version v WHERE ${SEATED('v')}
                          ORDER BY authority, officer, block_number DESC, log_index DESC) AS newest
           ORDER BY authority, officer`,
    probe: ({ authority, officer, keys, roles }) => ({
      target: 'authorities',
      key: `authority ${authority}, officer ${officer}`,
      view: 'officer',
      args: [packRegion(authority), officer],
      stored: { keys: keys.map(toHex).join(), roles: String(roles) },
    }),
  }),
  contractCheck<Limits>({
    check: 'thresholds',
    sql: `SELECT DISTINCT ON (authority) * FROM chain.threshold_version
           ORDER BY authority, block_number DESC, log_index DESC`,
    probe: ({ authority, governors, registrars, bands }) => ({
      target: 'authorities',
      key: `authority ${authority}`,
      view: 'thresholds',
      args: [packRegion(authority)],
      stored: {
        governors: String(governors),
        registrars: String(registrars),
        bands: bands.map(({ upTo, officers }) => `${upTo},${officers}`).join(),
      },
    }),
  }),
  contractCheck<Waiting>({
    check: 'pending change of officers',
    sql: CHANGES,
    probe: ({ authority, change, ready_at: readyAt, firm }) => ({
      target: 'authorities',
      key: `authority ${authority}, change ${toHex(change)}`,
      view: 'pendingChange',
      args: [packRegion(authority), toHex(change)],
      stored: { readyAt: String(readyAt), firm: String(firm) },
    }),
  }),
  contractCheck<{ authority: string; areas: string[] }>({
    check: 'areas of an authority',
    sql: `SELECT a.region AS authority, ${areasOf('a.region')} AS areas FROM chain.authority a ORDER BY a.region`,
    probe: ({ authority, areas }) => ({
      target: 'authorities',
      key: `authority ${authority}`,
      view: 'areasOf',
      args: [packRegion(authority)],
      stored: { value: String(packAreas(areas)) },
    }),
  }),
  contractCheck<{ authority: string; ready_at: bigint }>({
    check: 'proposed reseat',
    sql: RESEATS,
    probe: ({ authority, ready_at: readyAt }) => ({
      target: 'authorities',
      key: `authority ${authority}`,
      view: 'reseatReadyAt',
      args: [packRegion(authority)],
      stored: { value: String(readyAt) },
    }),
  }),
  contractCheck<{ authority: string; won: string }>({
    check: 'approved for issue today',
    sql: APPROVED,
    probe: ({ authority, won }) => ({
      target: 'authorities',
      key: `authority ${authority}`,
      view: 'approvedToday',
      args: [packRegion(authority)],
      stored: { value: won },
    }),
  }),
];
