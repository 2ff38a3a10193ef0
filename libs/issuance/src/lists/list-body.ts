import { isUtf8 } from 'node:buffer';
import { repeatedKey } from '#domain';
import { readRecipients, type Recipients } from './recipients.js';

/** A large body, read. */
export type ListBody =
  | {
      /** The body without `attachment.items`, as JSON. */
      readonly rest: string;
      /** What `attachment.items` was, when it was a list. */
      readonly recipients: Recipients | undefined;
    }
  | { readonly refused: 'invalid_json' | 'body_not_utf8' | 'too_deep' }
  | { readonly refused: 'repeated_key'; readonly field: string };

/**
 * Takes the recipients out of the body of an act. What is left is given back as text: the server reads it as it reads
 * every body, so that there is one place that decides what is allowed.
 */
export function readListBody(bytes: Uint8Array): ListBody {
  if (!isUtf8(bytes)) return { refused: 'body_not_utf8' };
  const text = new TextDecoder().decode(bytes);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { refused: 'invalid_json' };
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) return { refused: 'repeated_key', field: repeated };
  const attachment = ownOf(body, 'attachment');
  const items = ownOf(attachment, 'items');
  const isList = Array.isArray(items);
  if (isList && isObject(attachment)) Reflect.deleteProperty(attachment, 'items');
  try {
    return { rest: JSON.stringify(body), recipients: isList ? readRecipients(items) : undefined };
  } catch (error) {
    // JSON.parse goes deeper than JSON.stringify can.
    if (error instanceof RangeError) return { refused: 'too_deep' };
    throw error;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A property of the object's own; undefined when it is no object or has none. */
function ownOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
