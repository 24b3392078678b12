import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { masterMachine } from '../../src/agent/master-machine.js';
import { setTransactionMachine } from '../../src/set/index.js';
import { participationMachine, subtreeMachine } from '../../src/subtree/index.js';
import { supervisorMachine } from '../../supervisors/otp/supervisor-machine.js';
import { drawChart } from '../support/draw-chart.js';

const FILE = new URL('../../ARCHITECTURE.md', import.meta.url);

const CHARTS: readonly (readonly [name: string, machine: AnyStateMachine])[] = [
  ['set-transaction', setTransactionMachine],
  ['subtree', subtreeMachine],
  ['participation', participationMachine],
  ['master', masterMachine],
  ['supervisor', supervisorMachine],
];

/** The drawing of a chart between its markers in ARCHITECTURE.md. */
const marked = (name: string): RegExp =>
  new RegExp(`(<!-- chart: ${name} -->\n)\`\`\`mermaid\n([^]*?)\n\`\`\`\n`);

describe('the charts in ARCHITECTURE.md', () => {
  for (const [name, machine] of CHARTS) {
    // TRELLIS_DRAW=1 draws them anew.
    it(`${name} is drawn as it is in the code`, () => {
      const text = readFileSync(FILE, 'utf8');
      const drawing = drawChart(machine);
      if (process.env['TRELLIS_DRAW'] === '1') {
        writeFileSync(FILE, text.replace(marked(name), `$1\`\`\`mermaid\n${drawing}\n\`\`\`\n`));
        return;
      }
      expect(marked(name).exec(text)?.[2]).toBe(drawing);
    });
  }
});
