import { Json } from '../support/json.js';
import { ORDER_PATHS } from '../support/outside-client.js';

/** Values that exist, by the path of a route and by the name of a field; hooks.py puts them into cases. */
export type Known = Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;

/** Asks a running platform what it has. */
export async function knownOf(url: string): Promise<Known> {
  const list = async (path: string): Promise<Json[]> => {
    const answer = await fetch(`${url}/v1/${path}`);
    const body = new Json(await answer.json());
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status}`);
    return body.at('items').list();
  };
  const series = (await list('series?limit=20')).map((one) => one.at('id').value);
  const merchants = (await list('merchants?limit=20')).map((one) => one.at('id').value);
  const acts = await list('acts?limit=500');
  const actIds = acts.slice(0, 20).map((one) => one.at('id').value);
  const listIds = acts
    .filter((one) => one.at('kind').value === 'approve_issue')
    .map((one) => one.at('id').value);
  const authorities = (await list('authorities?limit=50')).map((one) => one.at('code').value);
  const places = ['11', '26', '47', '4711', '47111', '47130', '47720', '41', '', '99', '4711000000'];
  const orders = await Promise.all(
    ORDER_PATHS.map(
      async (kind) => [kind, (await list(`${kind}?limit=20`)).map((one) => one.at('id').value)] as const,
    ),
  );
  const payers = (await list('payments?limit=20')).map((one) => one.at('payer').value);
  const issueOrders = (await list(`series/${String(series[0])}/issue-orders`)).map(
    (one) => one.at('id').value,
  );
  const accounts = [...payers, ...merchants];
  return {
    '*': {
      series,
      merchant: merchants,
      payer: payers,
      holder: payers,
      giver: accounts,
      receiver: accounts,
      recipient: merchants,
      account: accounts,
      authority: authorities,
      region: places,
    },
    '/v1/regions/{code}': { code: places },
    '/v1/authorities/{code}': { code: authorities },
    '/v1/acts/{id}': { id: actIds },
    '/v1/acts/{id}/approvals': { id: actIds },
    '/v1/acts/{id}/withdrawal': { id: actIds },
    '/v1/issue-lists/{act}': { act: listIds },
    '/v1/issue-lists/{act}/items': { act: listIds },
    '/v1/series/{id}': { id: series },
    '/v1/series/{id}/issue-orders': { id: series },
    '/v1/series/{id}/delegations': { id: series },
    '/v1/series/{id}/token.json': { id: series },
    '/v1/issue-orders/{id}': { id: issueOrders },
    '/v1/issue-orders/{id}/quota-chunks': { id: issueOrders },
    '/v1/merchants/{id}': { id: merchants },
    '/v1/merchants/{id}/balance': { id: merchants },
    '/v1/accounts/{address}/holdings': { address: accounts },
    '/v1/accounts/{address}/history': { address: accounts },
    '/v1/accounts/{address}/keys': { address: accounts },
    '/v1/accounts/{address}/objections': { address: accounts },
    '/v1/accounts/{address}/moves': { address: accounts },
    '/v1/accounts/{address}/hand-over-objections': { address: accounts },
    '/problems/{code}': { code: ['invalid_request', 'wrong_region'] },
    ...Object.fromEntries(
      orders.flatMap(([kind, ids]) => [
        [`/v1/${kind}/{id}`, { id: ids }],
        [`/v1/${kind}/{id}/events`, { id: ids }],
      ]),
    ),
  };
}
