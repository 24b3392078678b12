import { counted } from '../../base/index.js';
import type { ConformanceReport, PropertyResult } from './report.js';

/** The report as JSON, ready to be kept. */
export function formatJson(report: ConformanceReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

const MARK: Readonly<Record<PropertyResult['verdict'], string>> = {
  passed: 'ok',
  failed: 'FAILED',
  skipped: '-',
};

/** The report for people. */
export function formatText(report: ConformanceReport): string {
  const { survey, results, notes, leftOver } = report;
  const count = (verdict: PropertyResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length;
  const width = Math.max(0, ...results.map(({ property }) => property.length));
  return [
    `conformance of ${report.subject}: seed ${report.seed}, ${counted(report.runs, 'run')}`,
    `${counted(survey.instances, 'instance')}, ${survey.known} of known objects, ${survey.writable} written, ${counted(survey.rowTables, 'table')} with rows made`,
    ...notes.map((note) => `note: ${note}`),
    '',
    ...results.flatMap((result) => describeResult(result, width)),
    '',
    ...leftOver.map((line) => `NOT PUT BACK: ${line}`),
    `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped${report.aborted ? ', and stopped before the end' : ''}`,
    '',
  ].join('\n');
}

function describeResult(result: PropertyResult, width: number): string[] {
  const { property, verdict, runs, source, reason, counterexample } = result;
  const facts =
    verdict === 'skipped'
      ? `skipped: ${reason ?? ''}`
      : `${String(runs).padStart(4)} run${runs === 1 ? ' ' : 's'}  ${source}`;
  const lines = [`${MARK[verdict].padEnd(7)} ${property.padEnd(width)}  ${facts}`];
  if (counterexample === undefined) return lines;
  const { message, seed, path, script } = counterexample;
  return [
    ...lines,
    `        ${result.promise}`,
    `        ${message}`,
    `        again: --seed ${seed} --property ${property} --path ${path}`,
    ...script.map((line) => `          ${line}`),
    '',
  ];
}

/** The report as JUnit XML: one test suite, a test case for each property. */
export function formatJUnit(report: ConformanceReport): string {
  const { results } = report;
  const failed = results.filter(({ verdict }) => verdict === 'failed').length;
  const skipped = results.filter(({ verdict }) => verdict === 'skipped').length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escapeXml(`conformance of ${report.subject}`)}" tests="${results.length}" failures="${failed}" errors="0" skipped="${skipped}">`,
    '  <properties>',
    `    <property name="seed" value="${report.seed}"/>`,
    `    <property name="runs" value="${report.runs}"/>`,
    '  </properties>',
    ...results.flatMap(testCase),
    '</testsuite>',
    '',
  ].join('\n');
}

function testCase({ property, source, verdict, reason, counterexample }: PropertyResult): string[] {
  const head = `  <testcase classname="trellis.conformance" name="${escapeXml(`${property} [${source}]`)}"`;
  if (verdict === 'skipped') {
    return [`${head}>`, `    <skipped message="${escapeXml(reason ?? '')}"/>`, '  </testcase>'];
  }
  if (counterexample === undefined) return [`${head}/>`];
  const { message, seed, path, script } = counterexample;
  const text = [`seed ${seed}, path ${path}`, ...script].join('\n');
  return [
    `${head}>`,
    `    <failure message="${escapeXml(message)}">${escapeXml(text)}</failure>`,
    '  </testcase>',
  ];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no way to write most control characters: they become question marks. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, '?');
}
