import {
  RequestError,
  type AgentErrorResult,
  type EngineErrorResult,
  type Manager,
  type ReceivedVarBind,
  type RequestResult,
} from '../../manager/index.js';
import { formatName } from '../../mib/index.js';
import { tell } from '../print.js';
import { writeOut } from '../write-out.js';
import type { AskOptions } from './ask-options.js';
import { showStyle, showVarBind, varBindRecord } from './show-var-bind.js';

/** Prints what was answered, as it comes; what was not is told on standard error. */
export async function report(
  manager: Manager,
  agent: string,
  options: AskOptions,
  varBinds: AsyncIterable<ReceivedVarBind>,
): Promise<void> {
  const style = showStyle(options.O ?? []);
  const isJson = options.json === true;
  const line = (varBind: ReceivedVarBind): string =>
    isJson
      ? JSON.stringify(varBindRecord(varBind))
      : `${showVarBind(varBind, manager.mib, style)}\n`;
  let failed: RequestError | undefined;
  await writeOut(
    (async function* () {
      let before = '[\n';
      try {
        for await (const varBind of varBinds) {
          yield isJson ? before + line(varBind) : line(varBind);
          before = ',\n';
        }
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        failed = error;
      }
      if (isJson) yield before === '[\n' ? '[]\n' : '\n]\n';
    })(),
  );
  if (failed !== undefined) tellFailure(failed, agent, manager);
}

/** What went wrong goes to standard error, and into the exit status. */
export function tellFailure({ result }: RequestError, agent: string, manager: Manager): void {
  tell(`${failureText(result, agent, manager)}\n`);
  process.exitCode = 1;
}

/** The variables of one result, or its failure thrown. */
export async function* variablesOf(
  asking: Promise<RequestResult>,
): AsyncGenerator<ReceivedVarBind, void, undefined> {
  const result = await asking;
  if (result.kind !== 'ok') throw new RequestError(result);
  yield* result.varBinds;
}

function failureText(
  result: AgentErrorResult | EngineErrorResult,
  agent: string,
  manager: Manager,
): string {
  if (result.kind === 'agentError') {
    const failed = result.failed?.name;
    const object =
      failed === undefined ? '' : `\nFailed object: ${formatName(manager.mib, failed)}`;
    return `Error in packet\nReason: ${result.errorStatus}${object}`;
  }
  const discarded = Object.entries(result.stats.discarded).map(
    ([reason, times]) => `${reason} ${times}`,
  );
  const ignored = discarded.length === 0 ? '' : ` (discarded: ${discarded.join(', ')})`;
  if (result.errorIndication === 'requestTimedOut') {
    return `Timeout: No Response from ${agent}${ignored}`;
  }
  const { cause } = result;
  const because = cause instanceof Error ? `: ${cause.message}` : '';
  return `trellis: ${result.message}${because} [${result.errorIndication}]`;
}
