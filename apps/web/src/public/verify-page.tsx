import { parseInstant } from '#domain';
import { useAuthority, useChain, useMerchants, usePayments, useSeriesList } from '../client/queries.js';
import { Card, Pair, Pairs } from '../ui/basics.js';
import { useLang, useVerifyWords } from '../ui/context.js';
import { Icon } from '../ui/icons.js';
import { DataTable } from '../ui/tables.js';
import { dateTime } from '../words/formats.js';
import { grouped } from '../words/unit.js';
import styles from '../pages.module.css';

/** P4: who proves what, the ledger now, the data itself; the one page with technical words. */
export function VerifyPage() {
  const say = useVerifyWords();
  return (
    <div className={styles['page']}>
      <header className={styles['part']}>
        <h1>{say('verify.title')}</h1>
        <p className={styles['lead']}>{say('verify.lead')}</p>
      </header>
      <section className={styles['part']} aria-labelledby="how">
        <h2 id="how">{say('verify.how')}</h2>
        <ol className={styles['steps']}>
          <li>{say('verify.how1')}</li>
          <li>{say('verify.how2')}</li>
          <li>{say('verify.how3')}</li>
        </ol>
      </section>
      <Ledger />
      <section className={styles['part']} aria-labelledby="data">
        <h2 id="data">{say('verify.data')}</h2>
        <ul className={styles['links']}>
          <li>
            <a href="/docs">{say('verify.docs')}</a>
          </li>
          <li>
            <a href="/v1/chain">{say('verify.signing')}</a>
          </li>
          <li>
            <a href="/v1/refusals">{say('verify.refusals')}</a>
          </li>
          <li>
            <a href="/v1/series">{say('verify.series')}</a>
          </li>
          <li>
            <a href="/health/ready">{say('verify.health')}</a>
          </li>
        </ul>
      </section>
      <Practice />
    </div>
  );
}

function Ledger() {
  const say = useVerifyWords();
  const lang = useLang();
  const chain = useChain().data?.body;
  const block = chain?.indexedBlock;
  return (
    <section className={styles['part']} aria-labelledby="ledger">
      <h2 id="ledger">{say('verify.state')}</h2>
      <Card>
        <Pairs>
          <Pair label={say('verify.chain')}>{chain?.chainId ?? '–'}</Pair>
          <Pair label={say('verify.block')}>
            {block === undefined || block === null ? '–' : grouped(BigInt(block.number))}
          </Pair>
          <Pair label={say('verify.blockTime')}>
            {block === undefined || block === null
              ? '–'
              : dateTime(parseInstant(block.time), lang, parseInstant(block.time))}
          </Pair>
          <Pair label={say('verify.vouchers')}>
            <span className={styles['address']}>{chain?.contracts.vouchers ?? '–'}</span>
          </Pair>
          <Pair label={say('verify.authorities')}>
            <span className={styles['address']}>{chain?.contracts.authorities ?? '–'}</span>
          </Pair>
        </Pairs>
      </Card>
    </section>
  );
}

interface Identity {
  readonly who: string;
  readonly address: string;
  readonly href: string;
}

/** Addresses of the demonstration, where there is one: its province before its cities. */
function usePractice(): readonly Identity[] {
  const say = useVerifyWords();
  const series = useSeriesList({ limit: 100 });
  const authority = series.data?.body.items
    .filter(({ demo }) => demo)
    .map((one) => one.authority)
    .toSorted((one, other) => one.length - other.length)[0];
  const issuer = useAuthority(authority);
  const shops = useMerchants({ region: authority, status: 'active', limit: 3 }, authority !== undefined);
  const payments = usePayments({ state: 'final', limit: 1 }, authority !== undefined);
  if (authority === undefined) return [];
  const { name = '', officers = [] } = issuer.data?.body ?? {};
  return [
    ...officers.map(({ id, keys: [first] }) => ({
      who: say('verify.officer', { name, id }),
      address: first?.wallet ?? first?.id ?? '',
      href: `/v1/authorities/${authority}`,
    })),
    ...(shops.data?.body.items ?? []).map(({ id, name: shop }) => ({
      who: say('verify.shop', { name: shop ?? '' }),
      address: id,
      href: `/v1/merchants/${id}`,
    })),
    ...(payments.data?.body.items ?? []).map(({ payer }) => ({
      who: say('verify.resident'),
      address: payer,
      href: `/v1/accounts/${payer}/holdings`,
    })),
  ];
}

function Practice() {
  const say = useVerifyWords();
  const identities = usePractice();
  if (identities.length === 0) return null;
  return (
    <section className={styles['part']} aria-labelledby="practice">
      <h2 id="practice">{say('verify.demo')}</h2>
      <p>{say('verify.demoText')}</p>
      <pre className={styles['code']} tabIndex={0}>
        <code>npm run jangteo -- demo --again</code>
      </pre>
      <h3>{say('verify.demoAddresses')}</h3>
      <DataTable
        label={say('verify.demoAddresses')}
        empty="–"
        rows={identities}
        rowKey={({ who, address }) => `${who} ${address}`}
        columns={[
          { key: 'who', head: say('verify.who'), cell: ({ who }) => <span data-content>{who}</span> },
          {
            key: 'address',
            head: say('verify.address'),
            cell: ({ address, href }) => (
              <a href={href} className={styles['address']}>
                {address} <Icon name="external" size={16} />
              </a>
            ),
          },
        ]}
      />
    </section>
  );
}
