import type { Environment } from '../../config/environments';
import { parseCapture } from '../expect/parseExpectation';
import type { RequestFile, RequestNode, Span } from '../file/syntax';
import { findReferences } from '../variables/references';
import { checkAnnotations, checkPreambleRisks } from './checkAnnotations';
import { checkReferences } from './checkReferences';
import { type CheckedRequest, checkRequest } from './checkRequest';
import { checkVariables } from './checkVariables';
import { error, shifted } from './findings';
import { StaticValues } from './staticValues';
import type { RequestFinding, SchemaState, Surroundings } from './surroundings';

/** What is kept of a request that was checked. Places count from where it begins. */
interface Kept extends CheckedRequest {
  /** They stand in the preamble: places count from the beginning of the file. */
  readonly above: readonly RequestFinding[];
}

/** Checks a request file as it is typed: what was found in a request is kept by its text. */
export class RequestChecker {
  #environment: Environment | undefined;
  #environments: readonly Environment[] = [];
  #kept = new Map<string, Kept>();
  /** Text of a request to the names that it refers to. */
  #names = new Map<string, readonly string[]>();

  /** Everything that is wrong or worth knowing, in the order of the text. */
  async check(file: RequestFile, surroundings: Surroundings): Promise<RequestFinding[]> {
    const { environment, environments, path } = surroundings;
    const fileAt = (absolute: string) => surroundings.fileAt(absolute);
    if (environment !== this.#environment || environments !== this.#environments) {
      this.#environment = environment;
      this.#environments = environments;
      this.#kept.clear();
    }
    const values = new StaticValues(file, environment);
    const context = { values, environments, request: undefined };
    const above: RequestFinding[] = [
      ...file.problems.map(({ span, message }) => error('syntax', span, message)),
      ...checkVariables(file, context),
      ...file.annotations.flatMap(({ value }) => checkReferences(value, context)),
      ...checkAnnotations(file.annotations, { values, request: undefined, path, fileAt }),
      ...checkPreambleRisks(file.annotations, values),
    ];
    const findings = [...above];
    const common = commonKey(file, values);
    const kept = new Map<string, Kept>();
    const names = new Map<string, readonly string[]>();
    const used: (readonly string[])[] = [];
    const failed = new Set<SchemaState>();
    for (const [index, request] of file.requests.entries()) {
      const text = file.text.slice(request.span.from, request.span.to);
      const referred = names.get(text) ?? this.#names.get(text) ?? namesIn(text);
      names.set(text, referred);
      used.push(referred);
      const key = `${common}\n${keyOf(referred, values, index)}\n${text}`;
      const known = kept.get(key) ?? this.#kept.get(key);
      const checked =
        known && isCurrent(known, surroundings)
          ? known
          : keep(request, await checkRequest(file, request, values, surroundings));
      kept.set(key, checked);
      for (const finding of checked.findings) {
        findings.push({ ...finding, span: shifted(finding.span, request.span.from) });
      }
      findings.push(...checked.above);
      const { schema } = checked;
      if (schema?.kind === 'failed' && !failed.has(schema)) {
        failed.add(schema);
        findings.push(withoutSchema(request.line.span, schema.message));
      }
    }
    this.#kept = kept;
    this.#names = names;
    findings.push(...unusedCaptures(file, used));
    return distinct(findings);
  }
}

/** What every request of a file depends on. */
function commonKey(file: RequestFile, values: StaticValues): string {
  const preamble = file.annotations.map(({ name, value, span }) => [
    name.text,
    value.text,
    values.resolved(value.text) ?? null,
    span.from,
  ]);
  const targets = [...(values.environment?.targets.values() ?? [])].map(
    ({ target }) => values.resolved(target.address) ?? null,
  );
  return JSON.stringify([preamble, targets]);
}

/** What the names that a request refers to stand for. */
function keyOf(names: readonly string[], values: StaticValues, request: number): string {
  let isUnknown = false;
  let key = '';
  for (const name of names) {
    const value = values.valueOf(name, request);
    isUnknown ||= value.kind === 'none';
    key += `${name}=${value.kind === 'known' ? JSON.stringify(value.value) : value.kind};`;
  }
  // Which other name may be meant is said, too.
  return isUnknown
    ? `${key}${[...values.variables.keys()].join()};${[...values.captures].join()}`
    : key;
}

function namesIn(text: string): readonly string[] {
  const names = findReferences(text).flatMap((reference) =>
    reference.kind === 'variable' ? [reference.name] : [],
  );
  return [...new Set(names)];
}

function isCurrent({ server, schema, files }: Kept, surroundings: Surroundings): boolean {
  if (server && surroundings.schemaOf(server) !== schema) {
    return false;
  }
  for (const [path, state] of files) {
    if (surroundings.fileAt(path) !== state) {
      return false;
    }
  }
  return true;
}

function keep({ span: { from } }: RequestNode, checked: CheckedRequest): Kept {
  const isOwn = (finding: RequestFinding) => finding.span.from >= from;
  return {
    ...checked,
    findings: checked.findings
      .filter(isOwn)
      .map((finding) => ({ ...finding, span: shifted(finding.span, -from) })),
    above: checked.findings.filter((finding) => !isOwn(finding)),
  };
}

function withoutSchema(span: Span, message: string): RequestFinding {
  return {
    severity: 'information',
    code: 'no-schema',
    span,
    message: `Methods and messages of this server are not checked. ${message}`,
  };
}

/** Captures that nothing below uses. */
function unusedCaptures(
  { requests, variables }: RequestFile,
  used: readonly (readonly string[])[],
): RequestFinding[] {
  const byVariables = new Set(variables.flatMap(({ value }) => namesIn(value.text)));
  return requests.flatMap(({ annotations }, index) =>
    annotations.flatMap(({ name, value, span }): RequestFinding[] => {
      const parsed = name.text === 'capture' ? parseCapture(value.text, value.span) : undefined;
      if (!parsed?.ok) {
        return [];
      }
      const captured = parsed.capture.name;
      const isUsed =
        byVariables.has(captured) ||
        used.some((names, at) => at > index && names.includes(captured));
      const message = `No later request of this file uses {{${captured}}}.`;
      return isUsed
        ? []
        : [{ severity: 'hint', code: 'unused-capture', span, message, isUnnecessary: true }];
    }),
  );
}

function distinct(findings: readonly RequestFinding[]): RequestFinding[] {
  const seen = new Set<string>();
  return findings
    .filter(({ span, message }) => {
      const key = `${span.from} ${span.to} ${message}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .sort((a, b) => a.span.from - b.span.from);
}
