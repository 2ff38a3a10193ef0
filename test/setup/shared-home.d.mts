/** What the name of the folder begins with that the specs of one run share. */
export const PREFIX: string;
/** Ends the run's PostgreSQL and removes the folder. */
export function endRun(home: string): Promise<void>;
/** Whether a process of this id runs, and is not only waiting for its parent to read how it ended. */
export function isAlive(pid: number): boolean;
