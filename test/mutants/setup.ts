import fc from 'fast-check';

/**
 * The same seed on every machine: whether a mutant is killed is not to be luck. Not shrunk: that a
 * counterexample was found is all that is asked.
 */
fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  seed: Number(process.env['TRELLIS_SEED'] ?? 1),
  endOnFailure: true,
});
