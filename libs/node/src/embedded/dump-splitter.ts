const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** What a top-level object holds, in its order. */
export interface SplitHandlers {
  /** A member whose value is no list, as JSON text. */
  readonly onMember: (name: string, value: Buffer) => void;
  /** One item of a member that is a list. */
  readonly onItem: (name: string, value: Buffer) => void;
}

/**
 * Cuts the text of one JSON object without white space into its members, and lists into their items, while it
 * streams by: a dump of the node is larger than a string may be, and parsing it would hold up the event loop.
 */
export class DumpSplitter {
  /** 1 = inside the object, 2 = inside a member's list or object. */
  private depth = 0;
  private inString = false;
  private escaped = false;
  private name: string | undefined;
  private inList = false;
  /** Bytes of the present name or value in earlier chunks. */
  private before: Buffer[] = [];

  constructor(private readonly handlers: SplitHandlers) {}

  push(chunk: Buffer): void {
    let from = 0;
    const cut = (end: number): Buffer => {
      const piece = Buffer.concat([...this.before, chunk.subarray(from, end)]);
      this.before = [];
      from = end + 1;
      return piece;
    };
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inString = false;
        continue;
      }
      if (byte === QUOTE) {
        this.inString = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.depth += 1;
        const opensList = this.depth === 2 && byte === OPEN_BRACKET;
        if (opensList) this.inList = true;
        if (this.depth === 1 || opensList) from = at + 1;
      } else if (byte === COLON && this.depth === 1) {
        this.name = String(JSON.parse(cut(at).toString()));
      } else if (byte === COMMA && this.depth === (this.inList ? 2 : 1)) {
        this.end(cut(at));
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (this.depth === (this.inList ? 2 : 1)) this.end(cut(at));
        if (this.depth === 2) this.closeList();
        this.depth -= 1;
      }
    }
    if (from < chunk.length) this.before.push(Buffer.from(chunk.subarray(from)));
  }

  /** @throws Error when the text ended inside the object */
  finish(): void {
    if (this.depth !== 0 || this.inString) throw new Error('the dump of the state is cut short');
  }

  private closeList(): void {
    if (!this.inList) return;
    this.inList = false;
    this.name = undefined;
  }

  /** An empty piece is an empty list, or what follows a list. */
  private end(piece: Buffer): void {
    if (piece.length === 0 || this.name === undefined) return;
    if (this.inList) return this.handlers.onItem(this.name, piece);
    this.handlers.onMember(this.name, piece);
    this.name = undefined;
  }
}

/**
 * A transaction of a dump without the traces of its calls, which are two thirds of it and which nothing asks for: the
 * public port has no debug or trace methods. Unchanged when it does not look as expected.
 */
export function withoutTraces(transaction: Buffer): Buffer {
  return emptied(transaction, '"traces":[', '],"exit":');
}

/** A block of a dump without its transactions: what remains gives its hash. Unchanged when it looks otherwise. */
export function withoutTransactions(block: Buffer): Buffer {
  return emptied(block, '"transactions":[', '],"ommers":');
}

/** JSON with nothing in the list between two marks. */
function emptied(json: Buffer, opening: string, closing: string): Buffer {
  const begin = json.indexOf(opening);
  const end = json.lastIndexOf(closing);
  if (begin === -1 || end < begin) return json;
  return Buffer.concat([json.subarray(0, begin + opening.length), json.subarray(end)]);
}
