import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Transaction } from '#persistence';
import { TermsDocumentEntity } from './terms-document.entity.js';

export interface TermsDocument {
  readonly hash: string;
  readonly authority: string;
  /** RFC 8785 text. */
  readonly canonical: string;
  readonly demo: boolean;
}

@Injectable()
export class TermsRepository {
  constructor(
    @InjectRepository(TermsDocumentEntity) private readonly documents: Repository<TermsDocumentEntity>,
  ) {}

  /** Stores the document; the same one again changes nothing. */
  async insert(tx: Transaction, document: TermsDocument): Promise<void> {
    await tx
      .of(this.documents)
      .createQueryBuilder()
      .insert()
      .values({ ...document })
      .orIgnore()
      .execute();
  }
}
