import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { run } from './agent-process.js';

/** A page of the documentation, whose blocks are what a test runs. */
export function readPage(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

/** The blocks of one language, as they are. */
export function blocksOf(text: string, language: string): readonly string[] {
  const fence = new RegExp(`^\`\`\`${language.replaceAll('.', '\\.')}\\n(.*?)^\`\`\`$`, 'gms');
  return [...text.matchAll(fence)].map(([, block = '']) => block);
}

/** The lines of all blocks of one language. */
export function linesOf(text: string, language: string): readonly string[] {
  return blocksOf(text, language).flatMap((block) =>
    block.split('\n').filter((line) => line !== ''),
  );
}

/** `snmpget -v2c -c public AGENT sysName.0  # edge-1`: a command, and what its answer has. */
export interface Request {
  readonly command: string;
  readonly args: readonly string[];
  readonly expected: string;
}

export function requestOf(line: string): Request {
  const [, words = '', expected = ''] = /^(.*?) +# (.*)$/.exec(line) ?? [];
  const [command = '', ...args] = words.split(/ +/);
  expect(args, line).toContain('AGENT');
  expect(expected, line).not.toBe('');
  return { command, args, expected };
}

const MODULES = '-mSNMPv2-MIB:IF-MIB:HOST-RESOURCES-MIB:SNMP-FRAMEWORK-MIB';

/** Sends each, in their order, and looks at the answer. */
export async function askAll(
  requests: readonly Request[],
  address: string,
  who: string,
): Promise<void> {
  for (const { command, args, expected } of requests) {
    const asked = args.map((word) => (word === 'AGENT' ? address : word));
    const { output } = await run(command, [MODULES, '-r0', '-t2', ...asked]);
    expect(output, [who, command, ...args].join(' ')).toContain(expected);
  }
}

/** On the page receivers listen on port 162; here somewhere else. */
export function toldAt(text: string, port: number): string {
  return text.replaceAll(/(:|, )162\b/g, `$1${port}`);
}
