/** First line of a backup. */
export interface ArchiveHead {
  readonly jangteoBackup: 3;
  /** When the copy began, ISO 8601. */
  readonly createdAt: string;
  /** Names of the migrations that made the tables, oldest first. */
  readonly migrations: readonly string[];
  /** Whether the chain itself is inside; false when an outside node keeps it. */
  readonly hasChain: boolean;
}

/** A table begins: its name and columns as SQL quotes them. Its rows follow unless migrations make them. */
export interface TableHead {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Whole rows in PostgreSQL's COPY text format, never parsed here: amounts have more digits than a double. */
export interface TableRows {
  readonly rows: string;
}

/**
 * A table ends: how many rows it has, and the SHA-256 of their text in the order of the key. A restore computes both
 * again from the database that it filled.
 */
export interface TableEnd {
  readonly endOf: string;
  readonly count: number;
  readonly sha256: string;
}

/** The next number of each sequence, as digits. */
export interface SequenceLine {
  readonly sequence: string;
  readonly next: string;
}

/** A piece of a file of the home, in the order of the file. */
export interface FilePiece {
  readonly file: string;
  readonly base64: string;
}

export type ArchiveLine = ArchiveHead | TableHead | TableRows | TableEnd | SequenceLine | FilePiece;

/** @returns undefined when the text is no line of a backup */
export function parseLine(text: string): ArchiveLine | undefined {
  const fields = fieldsOf(text);
  if (fields === undefined) return undefined;
  const [table, rows, endOf, file, sequence] = ['table', 'rows', 'endOf', 'file', 'sequence'].map(textIn);
  if (fields['jangteoBackup'] !== undefined) return headOf(fields);
  if (table !== undefined && isTexts(fields['columns'])) return { table, columns: fields['columns'] };
  if (rows !== undefined) return { rows };
  const sha256 = textIn('sha256');
  const { count } = fields;
  if (endOf !== undefined && isCount(count) && sha256 !== undefined) return { endOf, count, sha256 };
  const next = textIn('next');
  if (sequence !== undefined && next !== undefined && /^-?\d+$/.test(next)) return { sequence, next };
  const base64 = textIn('base64');
  return file !== undefined && base64 !== undefined ? { file, base64 } : undefined;

  function textIn(name: string): string | undefined {
    const value = fields?.[name];
    return typeof value === 'string' ? value : undefined;
  }
}

function headOf({ jangteoBackup, createdAt, migrations, hasChain }: Fields): ArchiveHead | undefined {
  if (jangteoBackup !== 3 || typeof createdAt !== 'string' || typeof hasChain !== 'boolean') return undefined;
  return isTexts(migrations) ? { jangteoBackup, createdAt, migrations, hasChain } : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
