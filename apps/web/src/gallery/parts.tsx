import { type ReactNode, useState } from 'react';
import { Badge, Card, Notice, Pair, Pairs, Plain, Primary, Secondary, ActionBar } from '../ui/basics.js';
import { useLang } from '../ui/context.js';
import { AmountPad, Clock, CodeField, OrderChip } from '../ui/entry.js';
import { Bars, Figure, Figures, Gauge, MapAndTable } from '../ui/figures.js';
import { Icon } from '../ui/icons.js';
import { LiveField } from '../ui/live-field.js';
import { Amount, MoneyLines } from '../ui/money.js';
import {
  Demonstration,
  Loading,
  Locked,
  Missing,
  NewVersion,
  NoRight,
  NotDone,
  Offline,
  TooMany,
  Undecided,
  Unreadable,
} from '../ui/states.js';
import { ActBox, DataTable, DiffTable, SidePanel } from '../ui/tables.js';
import { RuleQuote, ShopRow, VoucherCard } from '../ui/vouchers.js';
import { money } from '../words/unit.js';

/** The moment of all examples: 1 December 2026, 14:20:35 in Korea. */
const NOW = 1_796_102_435;
const DAY = 86_400;
const nothing = (): void => undefined;

/** Words of examples, as they would come from a server. */
function useExamples() {
  const ko = useLang() === 'ko';
  return {
    voucher: ko ? '포항사랑상품권' : 'Pohang voucher',
    issuer: ko ? '경상북도 포항시' : 'Pohang-si, Gyeongsangbuk-do',
    where: ko ? '포항시 등록 가게에서 써요.' : 'At registered shops in Pohang-si.',
    shop: ko ? '산들반점' : 'Sandeul Restaurant',
    category: ko ? '음식점' : 'Restaurant',
    pay: ko ? '12,000원 결제하기' : 'Pay KRW 12,000',
    other: ko ? '다른 상품권 고르기' : 'Choose another voucher',
    received: ko ? '받은 금액' : 'Received',
    spent: ko ? '쓴 금액' : 'Spent',
    left: ko ? '남은 금액' : 'Left',
    rules: ko
      ? ['2031년 12월 31일까지 쓸 수 있습니다.', '경상북도 포항시: 모든 등록 가맹점에서 쓸 수 있습니다.']
      : [
          'You can use it until 31 December 2031.',
          'In Pohang-si you can use it at: every registered merchant.',
        ],
    words: ko ? ['고래', '소나무', '기차', '우산'] : ['Whale', 'Pine', 'Train', 'Umbrella'],
    title: ko ? '확인해 주세요' : 'Please check',
    name: ko ? '이름' : 'Name',
    sum: ko ? '금액' : 'Sum',
    empty: ko ? '내역이 없어요.' : 'Nothing here.',
    close: ko ? '닫기' : 'Close',
  };
}

function Tables({ label }: { readonly label: string }) {
  const words = useExamples();
  const lang = useLang();
  const rows = [1n, 2n, 3n].map((index) => ({ name: `${words.shop} ${index}`, sum: index * 12_000n }));
  return (
    <DataTable
      label={label}
      empty={words.empty}
      rows={rows}
      rowKey={({ name }) => name}
      columns={[
        { key: 'name', head: words.name, cell: ({ name }) => name },
        { key: 'sum', head: words.sum, isNumber: true, cell: ({ sum }) => money(sum, lang) },
        { key: 'more', head: words.left, isNumber: true, cell: ({ sum }) => money(sum * 1_000n, lang) },
      ]}
    />
  );
}

function Panel() {
  const words = useExamples();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Plain onClick={() => setOpen(true)}>{words.shop}</Plain>
      {isOpen && (
        <SidePanel title={words.shop} closeLabel={words.close} onClose={() => setOpen(false)}>
          <p>{words.where}</p>
        </SidePanel>
      )}
    </>
  );
}

function Pad() {
  const [amount, setAmount] = useState(12_000n);
  return <AmountPad amount={amount} onChange={setAmount} />;
}

function MapPart() {
  const words = useExamples();
  const areas = [
    { code: '1', name: 'A', d: 'M0 0H200V400H0Z', step: 5, text: `${words.shop} 1` },
    { code: '2', name: 'B', d: 'M200 0H400V200H200Z', step: 2, text: `${words.shop} 2` },
    { code: '3', name: 'C', d: 'M200 200H400V400H200Z', step: undefined, text: `${words.shop} 3` },
  ];
  return <MapAndTable areas={areas} label={words.voucher} table={<Tables label={words.left} />} />;
}

/** Every shared part with something in it, by name. */
export function useParts(): Readonly<Record<string, ReactNode>> {
  const words = useExamples();
  const lang = useLang();
  return {
    Amount: (
      <>
        <Amount amount={128_500n} size="large" spoken />
        <Amount amount={1_234_500n} size="large" />
        <Amount amount={999_999_999_999n} size="till" />
        <p>
          <Amount amount={-12_000n} />
        </p>
      </>
    ),
    MoneyLines: (
      <MoneyLines
        lines={[
          { label: words.received, amount: 100_000n },
          { label: words.spent, amount: -62_000n },
        ]}
        total={{ label: words.left, amount: 38_000n }}
      />
    ),
    ActionBar: (
      <ActionBar
        primary={<Primary icon="pay">{words.pay}</Primary>}
        secondary={<Secondary>{words.other}</Secondary>}
      />
    ),
    VoucherCard: (
      <VoucherCard
        now={NOW}
        voucher={{
          name: words.voucher,
          issuer: words.issuer,
          amount: 86_500n,
          until: NOW + 6 * DAY,
          where: words.where,
          href: '#',
        }}
      />
    ),
    RuleQuote: <RuleQuote sentences={words.rules} state="same" />,
    ShopRow: (
      <ul>
        {[NOW - 3 * DAY, NOW - 90 * DAY, undefined].map((lastPaidAt, index) => (
          <ShopRow
            key={index}
            now={NOW}
            href="#"
            shop={{
              id: `${index}`,
              name: words.shop,
              category: words.category,
              place: words.issuer,
              isActive: true,
              lastPaidAt,
            }}
          />
        ))}
      </ul>
    ),
    AmountPad: <Pad />,
    CodeField: (
      <CodeField
        digits={6}
        until={Date.now() + 179_000}
        error={words.title}
        onCode={nothing}
        onRenew={nothing}
      />
    ),
    Clock: <Clock until={Date.now() + 65_000} />,
    OrderChip: <OrderChip amount={12_000n} href="#" />,
    LiveField: <LiveField payment={`0x00002003${'0'.repeat(56)}`} now={() => NOW} />,
    Notice: (
      <>
        {(['ok', 'no', 'warn', 'info'] as const).map((mood) => (
          <Notice
            key={mood}
            mood={mood}
            title={words.title}
            action={<Plain onClick={nothing}>{words.other}</Plain>}
          >
            {words.where}
          </Notice>
        ))}
        <p>
          {(['ok', 'no', 'warn', 'info', 'plain'] as const).map((mood) => (
            <Badge key={mood} mood={mood}>
              {words.left}
            </Badge>
          ))}
        </p>
      </>
    ),
    Figure: (
      <Figures>
        <Figure label={words.received} value={money(143_930_000n, lang)} hint={words.where} href="#" />
        <Figure label={words.spent} value={money(0n, lang)} />
      </Figures>
    ),
    MapAndTable: <MapPart />,
    Gauge: <Gauge label={words.left} part={38n} whole={100n} words="38%" />,
    Bars: (
      <Bars
        bars={[
          { key: 'a', label: words.spent, value: 3, text: '3', href: '#' },
          { key: 'b', label: words.left, value: 1, text: '1' },
        ]}
      />
    ),
    DataTable: <Tables label={words.shop} />,
    SidePanel: <Panel />,
    DiffTable: (
      <DiffTable
        label={words.voucher}
        rows={[
          { field: words.sum, now: '10', after: '20' },
          { field: words.name, now: '1', after: '1' },
        ]}
      />
    ),
    ActBox: (
      <>
        <ActBox matches words={words.words} actions={<Plain onClick={nothing}>{words.title}</Plain>}>
          {words.where}
        </ActBox>
        <ActBox matches={false} words={words.words} actions={<Plain onClick={nothing}>{words.title}</Plain>}>
          {words.where}
        </ActBox>
      </>
    ),
    Card: (
      <Card>
        <Pairs>
          <Pair label={words.name}>{words.shop}</Pair>
          <Pair label={words.sum}>{money(12_000n, lang)}</Pair>
        </Pairs>
        <Icon name="voice" />
      </Card>
    ),
    States: (
      <>
        <Loading />
        <Offline time="14:20" />
        <Unreadable onRetry={nothing} />
        <Undecided />
        <NotDone />
        <Locked onUnlock={nothing} />
        <NoRight names={[words.name]} />
        <Missing home="#" />
        <TooMany />
        <NewVersion onUpdate={nothing} />
        <Demonstration />
      </>
    ),
  };
}
