import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ActEntity } from '#access';
import { hexColumn } from '#persistence';

/** What an act says about a merchant beside what is on chain; it shows once the act is executed, the newest counts. */
@Entity({ schema: 'app', name: 'merchant_profile' })
@Check('merchant_profile_name_check', `name <> ''`)
@Check('merchant_profile_business_number_check', `business_number ~ '^[0-9]{10}$'`)
@Index('merchant_profile_business', ['businessNumber'])
export class MerchantProfileEntity {
  /** Address of the merchant. */
  @PrimaryColumn({
    type: 'bytea',
    transformer: hexColumn,
    primaryKeyConstraintName: 'merchant_profile_pkey',
  })
  merchant: string;

  /** Id of the act. */
  @PrimaryColumn({
    name: 'act',
    type: 'bytea',
    transformer: hexColumn,
    primaryKeyConstraintName: 'merchant_profile_pkey',
  })
  actId: string;

  @ManyToOne(() => ActEntity, { nullable: false })
  @JoinColumn({ name: 'act', foreignKeyConstraintName: 'merchant_profile_act_fkey' })
  act: ActEntity;

  @Column({ type: 'text' })
  name: string;

  /** Ten digits. */
  @Column({ name: 'business_number', type: 'text' })
  businessNumber: string;

  @Column({ name: 'street_address', type: 'text', default: '' })
  streetAddress: string;

  /** Invented for a demonstration. */
  @Column({ type: 'boolean', default: false })
  demo: boolean;

  @Column({ name: 'stored_at', type: 'timestamptz', default: () => 'app.now_stamp()' })
  storedAt: Date;
}
