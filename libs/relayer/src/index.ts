export {
  addToOutbox,
  callPayload,
  LEFT_WITHOUT_CHAIN,
  OUTBOX_CHANNEL,
  OUTBOX_KINDS,
  type OutboxItem,
  type OutboxKind,
} from './outbox.js';
export type { CarriedTransaction, OnCarried, OnRefused, RefusedItem } from './relayer-key-worker.js';
export { readBacklog, readKeys, type Backlog, type KeyJournal } from './backlog.repository.js';
export {
  HttpRelayNode,
  NodeAwayError,
  type RelayNode,
  type SendOutcome,
  type SimulatedCall,
  type SimulationOutcome,
} from './relay-node.js';
export { Relayer, type RelayerOptions } from './relayer.js';
export { issueChunkId, relayProjector } from './relay.projector.js';
