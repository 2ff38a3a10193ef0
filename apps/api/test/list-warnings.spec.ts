import { ApiFixture, arrayAt, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';

const CITY = '47130';
let api: ApiFixture;

beforeAll(async () => {
  api = await ApiFixture.create();
  await api.act({ kind: 'publish_series', authority: CITY, attachment: { terms: termsOf(CITY) } });
});

afterAll(() => api?.close());

const request = (items: readonly { account: string; amount: string }[]) => ({
  kind: 'approve_issue',
  authority: CITY,
  args: { series: 1 },
  attachment: { items },
});
const draft = (items: readonly { account: string; amount: string }[]) =>
  api.post('/v1/acts/draft', request(items));
const row = (account: string) => ({ account, amount: '1000' });

describe('the draft of a list', () => {
  it('names the rows in which an account stands more than once, however it is spelled', async () => {
    const account = api.world.wallet('twice').address;
    const other = api.world.wallet('once').address;
    const answer = await draft([row(account), row(other), row(account.toLowerCase())]);
    expect(answer.status).toBe(200);
    const [warning, ...more] = arrayAt(answer.body, 'warnings');
    expect(more).toEqual([]);
    expect(warning).toMatchObject({
      code: 'repeated_recipient',
      fields: ['attachment.items[0]', 'attachment.items[2]'],
      act: null,
    });
    expect(textAt(warning, 'message', 'en')).toContain('lines 1, 3');
    expect(arrayAt((await draft([row(account), row(other)])).body, 'warnings')).toEqual([]);
  });

  it('names the earlier act with the same list', async () => {
    const items = [row(api.world.wallet('equal').address)];
    const earlier = await api.act(request(items));
    const answer = await draft(items);
    expect(arrayAt(answer.body, 'warnings')).toMatchObject([{ code: 'equal_list', act: earlier }]);
  });

  it('is refused with the rows of the zero address and of the platform’s contracts', async () => {
    const { vouchers, authorities } = api.world.deployment;
    const fine = row(api.world.wallet('fine').address);
    const zero = await draft([fine, row(`0x${'00'.repeat(20)}`)]);
    expect([zero.status, arrayAt(zero.body, 'errors')]).toMatchObject([
      400,
      [{ field: 'attachment.items[1].account' }],
    ]);
    const own = await draft([row(vouchers), fine, row(authorities)]);
    expect(own.status).toBe(400);
    expect(arrayAt(own.body, 'errors').map((error) => textAt(error, 'field'))).toEqual([
      'attachment.items[0].account',
      'attachment.items[2].account',
    ]);
  });
});
