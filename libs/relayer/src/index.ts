/** Submits what the outbox holds: journalled before it is sent, resumed after any crash. */
export { addToOutbox } from './outbox.repository.js';
export {
  callPayload,
  LEFT_WITHOUT_CHAIN,
  OUTBOX_CHANNEL,
  OUTBOX_KINDS,
  type OutboxItem,
  type OutboxKind,
} from './outbox.js';
export type { OnRefused, OnSubmitted, RefusedItem, SubmittedTransaction } from './relayer-key-worker.js';
export { readBacklog, readKeys, type Backlog, type KeyJournal } from './backlog.repository.js';
export {
  HttpRelayNode,
  type RelayNode,
  type SendOutcome,
  type SimulatedCall,
  type SimulationOutcome,
} from './relay-node.js';
export { ownRefusals } from './own-refusals.js';
export { Relayer, type RelayerOptions } from './relayer.js';
export { registerRelayer } from './relayers.repository.js';
export { issueChunkId, relayProjector } from './relay.projector.js';
