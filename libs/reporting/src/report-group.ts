/** By what the rows of a report are grouped. */
export const REPORT_GROUPS = ['authority', 'series', 'region', 'category', 'day'] as const;
export type ReportGroup = (typeof REPORT_GROUPS)[number];
