import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  ArtifactLocation,
  Fix,
  Log,
  Notification,
  ReportingDescriptor,
  Result,
  Region as SarifRegion,
} from 'sarif';
import type { Region } from '../../config/lines';
import { shownPath } from '../../config/paths';
import type { Severity } from '../../lint/finding';
import { type RuleInfo, rulePage, rules } from '../../lint/rules/registry';
import type { Environment } from '../environment';
import type { Report, ReportedFinding } from './report';

/** The place that paths are relative to (SARIF 2.1.0, 3.14.14); the name is the one that uploaders know. */
const baseId = '%SRCROOT%';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** The report as SARIF 2.1.0 (OASIS), for code scanning services and editors. */
export async function sarifReport(
  { cwd, files, notes }: Report,
  version: string,
  { places }: Pick<Environment, 'places'>,
): Promise<string> {
  const results = files.flatMap(({ path, findings }) =>
    findings.map((finding) => result(finding, location(path, cwd))),
  );
  const log: Log = {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Frameline',
            semanticVersion: version,
            rules: await Promise.all(rules.map((rule) => descriptor(rule, places.package))),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [baseId]: { uri: folderUri(cwd) } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: notes.map(
              ({ path, text }): Notification => ({
                level: 'note',
                message: { text: `${shownPath(path, cwd)}: ${text}` },
                locations: [{ physicalLocation: { artifactLocation: location(path, cwd) } }],
              }),
            ),
          },
        ],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** With the rule's page, which belongs to this package, so that it can be read where the findings are. */
async function descriptor(
  { id, title, severity }: RuleInfo,
  folder: string,
): Promise<ReportingDescriptor> {
  const page = await readFile(join(folder, rulePage(id)), 'utf8').catch(() => undefined);
  return {
    id,
    shortDescription: { text: `${title}.` },
    // GitHub asks for it beside the short one.
    fullDescription: { text: `${title}.` },
    ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
    defaultConfiguration: { level: levels[severity] },
  };
}

function result(finding: ReportedFinding, artifactLocation: ArtifactLocation): Result {
  const { rule, severity, message, fix } = finding;
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text: message },
    locations: [
      { physicalLocation: { artifactLocation, region: region(finding), ...context(finding) } },
    ],
    ...(fix === undefined ? {} : { fixes: [sarifFix(fix, artifactLocation)] }),
  };
}

function sarifFix(
  { title, edits }: NonNullable<ReportedFinding['fix']>,
  artifactLocation: ArtifactLocation,
): Fix {
  return {
    description: { text: title },
    artifactChanges: [
      {
        artifactLocation,
        replacements: edits.map(({ text, ...place }) => ({
          deletedRegion: region(place),
          insertedContent: { text },
        })),
      },
    ],
  };
}

function region({ start, end }: Region): SarifRegion {
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

/** The line that the region stands in. */
function context({ start, end, excerpt }: ReportedFinding) {
  return excerpt === '' || start.line !== end.line
    ? {}
    : { contextRegion: { startLine: start.line, snippet: { text: excerpt } } };
}

function location(path: string, cwd: string): ArtifactLocation {
  const shown = shownPath(path, cwd);
  return isAbsolute(shown) || shown.startsWith('../')
    ? { uri: pathToFileURL(path).href }
    : { uri: encoded(shown), uriBaseId: baseId };
}

function folderUri(folder: string): string {
  const { href } = pathToFileURL(folder);
  return href.endsWith('/') ? href : `${href}/`;
}

/** A path as a relative URI; half a surrogate pair, which a file system may hold, has no encoding. */
function encoded(path: string): string {
  return path
    .replace(/\p{Cs}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}
