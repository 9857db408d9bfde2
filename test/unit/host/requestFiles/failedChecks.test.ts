import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { FailedChecks } from '../../../../src/host/requestFiles/failedChecks';
import { placeChecks } from '../../../../src/host/requestFiles/placeChecks';
import { requestKeys } from '../../../../src/host/requestFiles/requestPlaces';
import type { CheckResult } from '../../../../src/request/expect/expectation';
import { parseRequestFile } from '../../../../src/request/file/parse';

const editor = vi.hoisted(() => ({
  changed: (_event: unknown): void => {},
  closed: (_document: unknown): void => {},
  shown: [] as readonly vscode.Diagnostic[],
}));

vi.mock('vscode', () => {
  const listens = (name: 'changed' | 'closed') => (listener: (event: unknown) => void) => {
    editor[name] = listener;
    return { dispose: () => {} };
  };
  return {
    Disposable: { from: () => ({ dispose: () => {} }) },
    DiagnosticSeverity: { Error: 0 },
    Range: class {
      constructor(
        readonly start: number,
        readonly end: number,
      ) {}
    },
    Diagnostic: class {
      constructor(
        readonly range: unknown,
        readonly message: string,
        readonly severity: number,
      ) {}
    },
    languages: {
      createDiagnosticCollection: () => ({
        set: (_uri: unknown, diagnostics: readonly vscode.Diagnostic[]) => {
          editor.shown = diagnostics;
        },
        delete: () => {
          editor.shown = [];
        },
      }),
    },
    workspace: {
      onDidChangeTextDocument: listens('changed'),
      onDidCloseTextDocument: listens('closed'),
    },
  };
});

const text = `# @expect messages >= 1

### Lamp
# @expect status OK
# @expect message.title == Chair
GRPC h:1/s.S/Get

### Other
# @expect status OK
GRPC h:1/s.S/Get
`;
const file = parseRequestFile(text);

/** The request of a title as it was sent, with all that is expected of it failed. */
function failedRequest(title: string, ...inherited: readonly string[]) {
  const node = file.requests.find((it) => it.title?.text === title);
  if (!node) {
    throw new Error(title);
  }
  const own = file.annotations.filter(({ value }) => inherited.includes(value.text));
  const checks = [...node.annotations, ...own].map(
    ({ span, value }): CheckResult => ({
      ...{ text: value.text, span, passed: false, message: `Not ${value.text}` },
      ...{ expected: '', actual: '' },
    }),
  );
  return { failed: { file, node, checks }, key: requestKeys(file).get(node) ?? '' };
}

describe('placeChecks', () => {
  const lines = (now: string) => {
    const { failed, key } = failedRequest('Lamp', 'messages >= 1');
    return placeChecks(failed, key, parseRequestFile(now)).map(
      ({ span, message }) => `${now.slice(span.from, span.to)}: ${message}`,
    );
  };
  const both = [
    '# @expect status OK: Not status OK',
    '# @expect message.title == Chair: Not message.title == Chair',
  ];
  const preamble = '# @expect messages >= 1: Not messages >= 1';

  it('finds the lines in the order of the file', () => {
    expect(lines(text)).toEqual([preamble, ...both]);
  });

  it('follows the request when others are written above and below', () => {
    const above = text.replace('### Lamp', '### New\nGRPC h:1/s.S/New\n\n### Lamp');
    expect(lines(`${above}\n### Last\nGRPC h:1/s.S/Last\n`)).toEqual([preamble, ...both]);
  });

  it('leaves out a line of the preamble that was changed', () => {
    expect(lines(text.replace('>= 1', '>= 2'))).toEqual(both);
  });

  it('finds nothing when a line of the request was changed, or it is gone', () => {
    expect(lines(text.replace('Chair', 'Lamp'))).toEqual([]);
    expect(lines(text.replace('h:1', 'h:2'))).toEqual([]);
    expect(lines(text.replace('### Lamp', '### Light'))).toEqual([]);
    expect(lines('')).toEqual([]);
  });
});

describe('FailedChecks', () => {
  const uri = { toString: () => 'file:///a.grpc' } as vscode.Uri;
  let now = text;
  const document = (isClosed = false) =>
    ({
      ...{ uri, isClosed },
      getText: () => now,
      // A place is told by its line alone here.
      positionAt: (offset: number) => now.slice(0, offset).split('\n').length,
    }) as unknown as vscode.TextDocument;
  const shown = () => editor.shown.map(({ message, range }) => `${range.start}: ${message}`);
  let checks: FailedChecks;

  beforeEach(() => {
    now = text;
    editor.shown = [];
    checks = new FailedChecks();
    for (const title of ['Lamp', 'Other']) {
      const { failed, key } = failedRequest(title);
      checks.set(document(), key, failed, file);
    }
  });
  afterEach(() => checks.dispose());

  it('shows each as an error of its own where it is expected', () => {
    expect(shown()).toEqual([
      '4: Not status OK',
      '5: Not message.title == Chair',
      '9: Not status OK',
    ]);
    expect(editor.shown[0]).toMatchObject({ severity: 0, source: 'frameline' });
    expect(checks.first(uri, 'Lamp')).toEqual({ start: 4, end: 4 });
  });

  it('takes those of a request away when it is sent again', () => {
    checks.clear(uri, 'Lamp');
    expect(shown()).toEqual(['9: Not status OK']);
    expect(checks.first(uri, 'Lamp')).toBeUndefined();
  });

  it('takes those away whose lines were changed, also when they are changed back', async () => {
    now = `\n${text.replace('Chair', 'Lamp')}`;
    editor.changed({ document: document() });
    await expect.poll(shown).toEqual(['10: Not status OK']);
    now = text;
    editor.changed({ document: document() });
    await expect.poll(shown).toEqual(['9: Not status OK']);
  });

  it('takes all away with the document, and shows none in a closed one', () => {
    editor.closed({ uri });
    expect(shown()).toEqual([]);
    const { failed, key } = failedRequest('Lamp');
    checks.set(document(true), key, failed, file);
    expect(shown()).toEqual([]);
  });

  it('shows what a server sent in one line', () => {
    const { failed, key } = failedRequest('Other');
    const evil = failed.checks.map((check) => ({ ...check, message: 'It is "a\u001b\nb".' }));
    checks.set(document(), key, { ...failed, checks: evil }, file);
    expect(shown()[2]).toMatch(/^9: It is "a[^\p{Cc}]+b"\.$/u);
  });
});
