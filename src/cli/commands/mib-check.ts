import { Command, InvalidArgumentError, Option } from 'commander';
import { SnmpError } from '../../base/index.js';
import {
  DIAGNOSTIC_CODES,
  isDiagnosticCode,
  suggestion,
  type Severities,
  type Strictness,
} from '../../mib/index.js';
import { checkFiles } from '../mib/check-files.js';
import { checkReport, countOf, type CheckFormat } from '../mib/check-report.js';
import { addSearchOptions, filesOf, finderOf, type SearchOptions } from '../mib/search-options.js';
import { ProgressBar } from '../progress-bar.js';
import { writeOut } from '../write-out.js';

interface Options extends SearchOptions {
  readonly format: CheckFormat;
  readonly strictness: Strictness;
  readonly severity?: Severities;
}

const MIN_FILES_FOR_BAR = 20;

export function mibCheckCommand(): Command {
  const command = new Command('check')
    .description('say what is wrong in modules')
    .argument('<path...>', 'files, and directories with their subdirectories')
    .addOption(
      new Option('--format <format>', 'how findings are printed')
        .choices(['text', 'json', 'github'])
        .default('text'),
    )
    .addOption(
      new Option('--strictness <preset>', 'strict for modules of your own, relaxed for others')
        .choices(['strict', 'default', 'relaxed'])
        .default('default'),
    )
    .option(
      '--severity <code=level>',
      'error, warning, info or off for one code; may be repeated',
      collectSeverity,
    )
    .addHelpText(
      'after',
      `
Exit status: 0 nothing is an error, 1 there are errors (or a file cannot be read), 2 the words of
the call are off.

json: {"modules":[{"name","file","diagnostics":[{"code","severity","line","column","message"}]}]}
with one entry per module; a file that holds no module has an entry whose name is null.
github: annotations of GitHub Actions.`,
    )
    .action((paths: string[], options: Options) => check(paths, options));
  return addSearchOptions(command);
}

const LEVELS = ['error', 'warning', 'info', 'off'] as const;

function collectSeverity(value: string, earlier: Severities = {}): Severities {
  const [code = '', level = ''] = value.split('=');
  if (!isDiagnosticCode(code)) {
    throw new InvalidArgumentError(
      `no code '${code}'${suggestion(code, Object.keys(DIAGNOSTIC_CODES))}`,
    );
  }
  const known = LEVELS.find((one) => one === level);
  if (known === undefined) {
    throw new InvalidArgumentError(`expected CODE=LEVEL, LEVEL being one of ${LEVELS.join(', ')}`);
  }
  return { ...earlier, [code]: known };
}

async function check(paths: readonly string[], options: Options): Promise<void> {
  const files = filesOf(paths);
  if (files.length === 0) {
    throw new SnmpError('SNMP_MIB_NONE', `no file that may hold a module in ${paths.join(', ')}`);
  }
  const bar = new ProgressBar(files.length, MIN_FILES_FOR_BAR);
  const checked = checkFiles(files, finderOf(options), {
    strictness: options.strictness,
    ...(options.severity === undefined ? {} : { severities: options.severity }),
    onProgress: (done, what) => bar.show(done, files.length, what),
  });
  bar.clear();
  if (countOf(checked, 'error') > 0) process.exitCode = 1;
  await writeOut(checkReport(checked, options.format));
}
