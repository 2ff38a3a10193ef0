import { readRecipients, type Recipients } from './recipients.js';

/** A large body, read. */
export type ListBody =
  | {
      /** The body without `attachment.items`, as JSON. */
      readonly rest: string;
      /** What `attachment.items` was, when it was a list. */
      readonly recipients: Recipients | undefined;
    }
  | { readonly refused: 'invalid_json' | 'too_deep' };

/**
 * Takes the recipients out of the body of an act. What is left is given back as text: the server reads it as it reads
 * every body, so that there is one place that decides what is allowed.
 */
export function readListBody(bytes: Uint8Array): ListBody {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return { refused: 'invalid_json' };
  }
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
