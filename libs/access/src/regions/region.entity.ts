import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';

const LEVELS = ['state', 'province', 'city', 'county', 'autonomous_gu', 'general_gu'] as const;

/** A region of Korea; filled by migrations, referred to by what authorities store. */
@Entity({ schema: 'app', name: 'region' })
@Check('region_name_ko_check', `name_ko <> ''`)
@Check('region_name_en_check', `name_en <> ''`)
@Check('region_population_check', 'population >= 0')
@Check('region_check', `(parent IS NULL) = (code = '')`)
@Check('region_check1', 'starts_with(code, parent)')
export class RegionEntity {
  /** Administrative code; '' for the state. */
  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'region_pkey' })
  code: string;

  @Column({ type: 'enum', enumName: 'region_level', enum: LEVELS })
  level: (typeof LEVELS)[number];

  @Column({ name: 'parent', type: 'text', collation: 'C', nullable: true })
  parentCode: string | null;

  @ManyToOne(() => RegionEntity, { nullable: true })
  @JoinColumn({ name: 'parent', foreignKeyConstraintName: 'region_parent_fkey' })
  parent: Relation<RegionEntity> | null;

  @Column({ name: 'name_ko', type: 'text' })
  nameKo: string;

  @Column({ name: 'name_en', type: 'text' })
  nameEn: string;

  /** Registered residents. */
  @Column({ type: 'integer' })
  population: number;

  @Column({ name: 'former_code', type: 'text', collation: 'C', nullable: true })
  formerCode: string | null;

  /** First legal day of the code; null when it was in use before 2012. */
  @Column({ name: 'valid_from', type: 'date', nullable: true })
  validFrom: string | null;
}
