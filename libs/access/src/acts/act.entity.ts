import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { hexColumn, numberColumn } from '#persistence';

/** What the platform knows of an act by itself; what the chain says of it is in chain.act_executed. */
export const STORED_ACT_STATES = ['open', 'executing', 'failed', 'withdrawn'] as const;

/** An act that officers sign. */
@Entity({ schema: 'app', name: 'act' })
@Check('act_kind_check', `kind ~ '^[a-z_]+$'`)
@Check('act_check', `(state = 'failed') = (failure IS NOT NULL)`)
@Index('act_authority', ['authority', 'proposedAt'])
export class ActEntity {
  /** EIP-712 digest. */
  @PrimaryColumn({ type: 'bytea', transformer: hexColumn, primaryKeyConstraintName: 'act_pkey' })
  id: string;

  /** Region code of the authority. */
  @Column({ type: 'text', collation: 'C' })
  authority: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'bytea', transformer: hexColumn })
  target: string;

  @Column({ type: 'bytea', transformer: hexColumn })
  call: string;

  /** Digits: 256 bits. */
  @Column({ type: 'numeric', precision: 78, scale: 0 })
  nonce: string;

  /** Unix seconds. */
  @Column({ type: 'bigint', transformer: numberColumn })
  deadline: number;

  /** What belongs to the act but not on chain; its hash is the nonce. */
  @Column({ type: 'jsonb', nullable: true })
  attachment: object | null;

  @Column({ type: 'enum', enum: STORED_ACT_STATES, enumName: 'act_state', default: 'open' })
  state: (typeof STORED_ACT_STATES)[number];

  /** Why the contract refused it. */
  @Column({ type: 'jsonb', nullable: true })
  failure: object | null;

  /** Number of the officer. */
  @Column({ name: 'proposed_by', type: 'bigint', transformer: numberColumn })
  proposedBy: number;

  @Column({ name: 'proposed_at', type: 'timestamptz', default: () => 'app.now_stamp()' })
  proposedAt: Date;
}
