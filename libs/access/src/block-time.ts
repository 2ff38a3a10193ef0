/** So far the time of the block that executes an act, or finishes a change, may be behind the platform's clock. */
export const BLOCK_SECONDS = 3;
