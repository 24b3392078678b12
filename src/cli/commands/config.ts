import { Command, Option } from 'commander';
import { ConfigError, configSchemaText, describeProblem, readConfig } from '../../config/index.js';
import { counted } from '../../base/index.js';
import { print, printLine } from '../print.js';

interface CheckOptions {
  readonly format: 'text' | 'json';
}

export function configCommand(): Command {
  return new Command('config')
    .description('check configurations of agents')
    .addCommand(
      new Command('check')
        .description('say everything that is wrong with a configuration; exit status 1 if anything')
        .argument('<file>', 'trellis.json, or a module that exports one')
        .addOption(
          new Option('--format <format>', 'how problems are printed')
            .choices(['text', 'json'])
            .default('text'),
        )
        .action(async (file: string, { format }: CheckOptions) => {
          const problems = await problemsOf(file);
          const shown = format === 'json' ? asJson(file, problems) : asText(file, problems);
          printLine(shown);
          if (problems.length > 0) process.exitCode = 1;
        }),
    )
    .addCommand(
      new Command('schema')
        .description('print the JSON Schema of configurations, for editors')
        .action(() => {
          print(configSchemaText());
        }),
    );
}

type Problems = ConfigError['problems'];

async function problemsOf(file: string): Promise<Problems> {
  try {
    await readConfig(file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function asText(file: string, problems: Problems): string {
  return [
    ...problems.map((problem) => describeProblem(file, problem)),
    `${file}: ${problems.length === 0 ? 'nothing is wrong with it' : counted(problems.length, 'problem')}`,
  ].join('\n');
}

function asJson(file: string, problems: Problems): string {
  const listed = problems.map(({ position, ...problem }) => ({ ...problem, ...position }));
  return JSON.stringify({ file, problems: listed }, undefined, 2);
}
