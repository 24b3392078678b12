/** What every manager asks our agent for: TRELLIS-TESTBED-MIB's, by number, as no two managers read modules alike. */
export const SCALAR = '1.3.6.1.4.1.32473.1.1.1.0';
export const ENTRY = '1.3.6.1.4.1.32473.1.4.4.1';
