import { Column, Entity, PrimaryColumn } from 'typeorm';
import { hexColumn } from '#persistence';

/** The terms of a series as text; the hash is on chain, so a document never changes. */
@Entity({ schema: 'app', name: 'terms_document' })
export class TermsDocumentEntity {
  @PrimaryColumn({ type: 'bytea', transformer: hexColumn, primaryKeyConstraintName: 'terms_document_pkey' })
  hash: string;

  /** Region code of the authority. */
  @Column({ type: 'text', collation: 'C' })
  authority: string;

  /** RFC 8785 text. */
  @Column({ type: 'text' })
  canonical: string;

  /** Invented for a demonstration. */
  @Column({ type: 'boolean', default: false })
  demo: boolean;

  @Column({ name: 'stored_at', type: 'timestamptz', default: () => 'app.now_stamp()' })
  storedAt: Date;
}
