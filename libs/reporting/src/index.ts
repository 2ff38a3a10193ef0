/** Reports whose every figure opens to its rows. */
export { ReportingModule } from './reporting.module.js';
export { FIGURES } from './report-sql.js';
export { dailyTotalProjector } from './projection/daily-total.projector.js';
export { merchantDaysProjector } from './projection/merchant-days.projector.js';
