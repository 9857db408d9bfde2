import type { Environment } from '../../config/environments';
import { capturedNames } from '../expect/captures';
import type { RequestFile, RequestNode, Span } from '../file/syntax';
import { variableNames } from '../variables/references';
import { checkAnnotations, checkPreambleRisks } from './checkAnnotations';
import { checkReferences } from './checkReferences';
import { type CheckedRequest, checkRequest } from './checkRequest';
import { checkVariables } from './checkVariables';
import { error, shifted } from './findings';
import { StaticValues } from './staticValues';
import type { RequestFinding, SchemaState, Surroundings } from './surroundings';

/** What was found in a request. Places count from where it begins. */
interface Kept extends CheckedRequest {
  /** They stand in the preamble: places count from the beginning of the file. */
  readonly above: readonly RequestFinding[];
}

/** What is kept of the text of a request. */
interface Known {
  /** It refers to them. */
  readonly names: readonly string[];
  readonly captures: readonly string[];
  /** By what the names stand for. */
  readonly kept: Map<string, Kept>;
}

/** Values of variables that are tried out one after the other must not add up. */
const keptTogether = 8;

/** Checks a request file as it is typed: what was found in a request is kept by its text. */
export class RequestChecker {
  #environment: Environment | undefined;
  #environments: readonly Environment[] = [];
  #common = '';
  #known = new Map<string, Known>();

  /** Everything that is wrong or worth knowing, in the order of the text. */
  async check(file: RequestFile, surroundings: Surroundings): Promise<RequestFinding[]> {
    const { environment, environments, path } = surroundings;
    const fileAt = (absolute: string) => surroundings.fileAt(absolute);
    const before = this.#known;
    this.#known = new Map();
    const all = file.requests.map((request) => {
      const text = file.text.slice(request.span.from, request.span.to);
      const known = this.#known.get(text) ?? before.get(text) ?? read(request, text);
      this.#known.set(text, known);
      return { request, known };
    });
    const values = new StaticValues(
      file.variables,
      all.map(({ known }) => known.captures),
      environment,
    );
    const common = commonKey(file, values);
    if (
      environment !== this.#environment ||
      environments !== this.#environments ||
      common !== this.#common
    ) {
      this.#environment = environment;
      this.#environments = environments;
      this.#common = common;
      for (const { known } of all) {
        known.kept.clear();
      }
    }
    const context = { values, environments, request: undefined };
    const findings: RequestFinding[] = [
      ...file.problems.map(({ span, message }) => error('syntax', span, message)),
      ...checkVariables(file, context),
      ...file.annotations.flatMap(({ value }) => checkReferences(value, context)),
      ...checkAnnotations(file.annotations, { values, request: undefined, path, fileAt }),
      ...checkPreambleRisks(file.annotations, values),
    ];
    const above: RequestFinding[] = [];
    const failed = new Set<SchemaState>();
    for (const [index, { request, known }] of all.entries()) {
      const key = keyOf(known.names, values, index);
      const kept = known.kept.get(key);
      const checked =
        kept && isCurrent(kept, surroundings)
          ? kept
          : keep(request, await checkRequest(file, request, values, surroundings));
      if (known.kept.size >= keptTogether) {
        known.kept.clear();
      }
      known.kept.set(key, checked);
      for (const finding of checked.findings) {
        findings.push({ ...finding, span: shifted(finding.span, request.span.from) });
      }
      above.push(...checked.above);
      const { schema } = checked;
      if (schema?.kind === 'failed' && !failed.has(schema)) {
        failed.add(schema);
        findings.push(withoutSchema(request.line.span, schema.message));
      }
    }
    findings.push(
      ...distinct(above),
      ...unusedCaptures(
        file,
        all.map(({ known }) => known),
      ),
    );
    return findings.sort((a, b) => a.span.from - b.span.from);
  }
}

function read({ annotations }: RequestNode, text: string): Known {
  return {
    names: [...new Set(variableNames(text))],
    captures: capturedNames(annotations),
    kept: new Map(),
  };
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
  known: readonly Known[],
): RequestFinding[] {
  const lastUse = new Map<string, number>();
  for (const [index, { names }] of known.entries()) {
    for (const name of names) {
      lastUse.set(name, index);
    }
  }
  for (const name of variables.flatMap(({ value }) => variableNames(value.text))) {
    lastUse.set(name, requests.length);
  }
  return requests.flatMap(({ annotations }, index) =>
    (known[index]?.captures ?? []).flatMap((captured): RequestFinding[] => {
      if ((lastUse.get(captured) ?? -1) > index) {
        return [];
      }
      const span = annotations.find(
        ({ name, value }) => name.text === 'capture' && value.text.startsWith(captured),
      )?.span;
      const message = `No later request of this file uses {{${captured}}}.`;
      return span
        ? [{ severity: 'hint', code: 'unused-capture', span, message, isUnnecessary: true }]
        : [];
    }),
  );
}

function distinct(findings: readonly RequestFinding[]): RequestFinding[] {
  const byKey = new Map(
    findings.map((finding) => [`${finding.span.from} ${finding.message}`, finding]),
  );
  return [...byKey.values()];
}
