/** Whether dist/ is what the sources say. */
export function isBuildCurrent(): boolean;
