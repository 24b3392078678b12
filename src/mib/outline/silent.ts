import { DIAGNOSTIC_CODES, severityTable, type SeverityTable } from '../diagnostic-codes.js';

/** An outline does not say what is wrong with modules: `compileMibs` does. */
export const SILENT: SeverityTable = severityTable(
  'default',
  Object.fromEntries(Object.keys(DIAGNOSTIC_CODES).map((code) => [code, 'off'])),
);
