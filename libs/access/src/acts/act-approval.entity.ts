import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { hexColumn, numberColumn } from '#persistence';
import { ActEntity } from './act.entity.js';

/** An officer's signature under an act. */
@Entity({ schema: 'app', name: 'act_approval' })
@Check('act_approval_signature_check', 'octet_length(signature) BETWEEN 65 AND 2048')
@Check('act_approval_withdrawal_check', 'octet_length(withdrawal) BETWEEN 65 AND 2048')
export class ActApprovalEntity {
  /** Id of the act. */
  @PrimaryColumn({
    name: 'act',
    type: 'bytea',
    transformer: hexColumn,
    primaryKeyConstraintName: 'act_approval_pkey',
  })
  actId: string;

  @ManyToOne(() => ActEntity, { nullable: false })
  @JoinColumn({ name: 'act', foreignKeyConstraintName: 'act_approval_act_fkey' })
  act: ActEntity;

  /** Number of the officer. */
  @PrimaryColumn({ type: 'bigint', transformer: numberColumn, primaryKeyConstraintName: 'act_approval_pkey' })
  officer: number;

  @Column({ type: 'bytea', transformer: hexColumn })
  signature: string;

  /** The officer's signature that takes the approval back; null = it stands. */
  @Column({ type: 'bytea', nullable: true, transformer: hexColumn })
  withdrawal: string | null;

  @Column({ name: 'signed_at', type: 'timestamptz', default: () => 'app.now_stamp()' })
  signedAt: Date;
}
