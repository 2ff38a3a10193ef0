const MEBIBYTE = 2 ** 20;

interface FileType {
  readonly bytesMax: number;
  /** What its content begins with; text begins with anything. */
  readonly begins?: Buffer;
}

/** What may be stored. A list of 100,000 rows has 8 MB of JSON and less as CSV; a scan of a page less than 4. */
const TYPES: Readonly<Record<string, FileType>> = {
  'application/json': { bytesMax: 16 * MEBIBYTE },
  'text/csv': { bytesMax: 16 * MEBIBYTE },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
    bytesMax: 16 * MEBIBYTE,
    begins: Buffer.from('PK\u0003\u0004'),
  },
  'application/pdf': { bytesMax: 16 * MEBIBYTE, begins: Buffer.from('%PDF-') },
  'image/png': { bytesMax: 4 * MEBIBYTE, begins: Buffer.from('89504e470d0a1a0a', 'hex') },
  'image/jpeg': { bytesMax: 4 * MEBIBYTE, begins: Buffer.from('ffd8ff', 'hex') },
};

/** Why a file is not stored. */
export type FileRefusal = 'file_type_not_accepted' | 'file_too_large' | 'file_empty' | 'file_is_another_type';

/** A file is not stored. */
export class FileRefused extends Error {
  constructor(readonly code: FileRefusal) {
    super(code);
  }
}

/**
 * Reads a content to its end or its limit.
 *
 * @throws FileRefused when it is no such file; the rest of the content is not read
 */
export async function readAccepted(content: AsyncIterable<Uint8Array>, type: string): Promise<Buffer> {
  const accepted = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (accepted === undefined) throw new FileRefused('file_type_not_accepted');
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    length += chunk.length;
    if (length > accepted.bytesMax) throw new FileRefused('file_too_large');
    chunks.push(chunk);
  }
  if (length === 0) throw new FileRefused('file_empty');
  const bytes = Buffer.concat(chunks, length);
  const { begins } = accepted;
  if (begins !== undefined && !bytes.subarray(0, begins.length).equals(begins))
    throw new FileRefused('file_is_another_type');
  return bytes;
}
