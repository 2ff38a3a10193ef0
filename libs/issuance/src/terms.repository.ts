import { Injectable } from '@nestjs/common';
import { type Queryable, toBytes } from '#persistence';

export interface TermsDocument {
  readonly hash: string;
  readonly authority: string;
  /** RFC 8785 text. */
  readonly canonical: string;
  readonly demo: boolean;
}

@Injectable()
export class TermsRepository {
  /** Stores the document; the same one again changes nothing. */
  async insert(tx: Queryable, { hash, authority, canonical, demo }: TermsDocument): Promise<void> {
    await tx.query(
      `INSERT INTO app.terms_document (hash, authority, canonical, demo) VALUES ($1, $2, $3, $4)
       ON CONFLICT (hash) DO NOTHING`,
      [toBytes(hash), authority, canonical, demo],
    );
  }
}
