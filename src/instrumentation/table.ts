import { computedTable } from './computed-table.js';
import type { TableFunctions } from './functions.js';
import { storedTable } from './stored-table.js';

/** Tables that need no functions of their author's. */
export const table = {
  /** Gives functions their types: for TypeScript, which cannot tell a table from a scalar here. */
  functions: (functions: TableFunctions): TableFunctions => functions,
  /**
   * A table whose rows are kept by the runtime: RowStatus, StorageType, DEFVAL, validation and
   * rollback are its business.
   */
  stored: storedTable,
  /** A table that is read from elsewhere, such as /proc, and kept for a moment. */
  computed: computedTable,
};
