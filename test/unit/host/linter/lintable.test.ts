import { describe, expect, it } from 'vitest';
import { needsLinter, type OpenDocument } from '../../../../src/host/linter/lintable';

function document(path: string, languageId: string, text: string, scheme = 'file'): OpenDocument {
  return { languageId, uri: { scheme, path }, getText: () => text };
}

const grpc = 'import "google.golang.org/grpc"';

describe('needsLinter', () => {
  it.each([
    ['a source that mentions gRPC', document('/w/main.go', 'go', grpc)],
    ['one that is not saved yet', document('Untitled-1', 'go', grpc, 'untitled')],
    ['the configuration', document('/w/frameline.json', 'jsonc', '{}')],
    ['a service config', document('/w/config.json', 'json', '{"loadBalancingConfig":[]}')],
  ])('holds for %s', (_name, open) => {
    expect(needsLinter(open)).toBe(true);
  });

  it.each([
    ['a source without gRPC', document('/w/main.go', 'go', 'package main')],
    ['another language', document('/w/README.md', 'markdown', grpc)],
    ['a side of a comparison', document('/w/main.go', 'go', grpc, 'git')],
    ['other JSON', document('/w/package.json', 'json', '{"dependencies":{"@grpc/grpc-js":"1"}}')],
    [
      'a file whose name only ends like the configuration',
      document('/w/my-frameline.json', 'json', '{}'),
    ],
  ])('does not hold for %s', (_name, open) => {
    expect(needsLinter(open)).toBe(false);
  });
});
