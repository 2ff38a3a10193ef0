/** Reports whose every figure opens to its rows. */
export { ReportingModule } from './reporting.module.js';
export { FIGURES } from './report-sql.js';
