import { useParams } from 'wouter';
import { parseInstant } from '#domain';
import { ApiProblem } from '../client/client.js';
import { useMerchant } from '../client/queries.js';
import { useRegions } from '../client/regions.js';
import { useVoucherFacts } from '../public/voucher-facts.js';
import { Badge, Card, Pair, Pairs } from '../ui/basics.js';
import { useLang, useWords } from '../ui/context.js';
import { Demonstration, Missing, Waiting } from '../ui/states.js';
import { ShopRow, VoucherCard } from '../ui/vouchers.js';
import styles from '../pages.module.css';

/** W7 without a wallet: who the shop is, when it was last paid, which vouchers work there. */
export function ShopPage() {
  const { id } = useParams<{ id: string }>();
  const say = useWords();
  const lang = useLang();
  const read = useMerchant(id);
  const regions = useRegions();
  const facts = useVoucherFacts();
  if (read.error instanceof ApiProblem && read.error.isNowhere) return <Missing home="/wallet" />;
  if (read.data === undefined)
    return (
      <div className={styles['page']}>
        <h1>{say('shop.title')}</h1>
        <Waiting read={read} lines={5} />
      </div>
    );
  const { body: shop, at: now } = read.data;
  return (
    <div className={styles['page']}>
      <h1 data-content>{shop.name ?? say('shop.title')}</h1>
      {shop.demo && <Demonstration />}
      <ul>
        <ShopRow
          now={now}
          shop={{
            id: shop.id,
            name: shop.category[lang],
            category: regions?.name(shop.region, lang) ?? shop.regionName,
            place: '',
            isActive: shop.status === 'active',
            lastPaidAt: shop.lastPaidAt === null ? undefined : parseInstant(shop.lastPaidAt),
          }}
        />
      </ul>
      <Card>
        <Pairs>
          {shop.address !== null && (
            <Pair label={say('shop.address')}>
              <span data-content>{shop.address}</span>
            </Pair>
          )}
          {shop.businessNumber !== null && <Pair label={say('shop.number')}>{shop.businessNumber}</Pair>}
        </Pairs>
      </Card>
      <section className={styles['part']} aria-labelledby="accepts">
        <h2 id="accepts">{say('shop.accepts')}</h2>
        {shop.accepts.length === 0 && (
          <p>
            <Badge mood="warn">{say('shop.acceptsNone')}</Badge>
          </p>
        )}
        <ul className={styles['cards']}>
          {shop.accepts.map((series) => (
            <li key={series.id}>
              <VoucherCard now={now} voucher={facts(series, `/wallet/vouchers/${series.id}`)} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
