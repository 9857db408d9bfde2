import { describe, expect, it } from 'vitest';
import { ConfiguredClients } from '../../../../src/host/linter/configuredClients';

/** On files that are given by their paths, and how often each folder was looked into. */
function clientsIn(files: Readonly<Record<string, string>>) {
  const read: string[] = [];
  const clients = new ConfiguredClients(async (path) => {
    read.push(path);
    return files[path];
  });
  return { clients, read };
}

const stubs = '{ "lint": { "stubs": ["*.ListingApi"] } }';

describe('ConfiguredClients', () => {
  it('looks for the nearest frameline.json, up to the workspace folder', async () => {
    const { clients } = clientsIn({
      '/frameline.json': stubs,
      '/w/a/frameline.json': stubs,
      '/w/a/b/frameline.json': '{ "lint": { "stubs": [] } }',
    });
    expect(await clients.hold('/w/a/x/y/shop.ts', '/w')).toBe(true);
    expect(await clients.hold('/w/a/b/shop.ts', '/w')).toBe(false);
    expect(await clients.hold('/w/shop.ts', '/w')).toBe(false);
    expect(await clients.hold('/elsewhere/shop.ts', '/w')).toBe(false);
  });

  it('reads each place once', async () => {
    const { clients, read } = clientsIn({});
    await clients.hold('/w/a/one.ts', '/w');
    await clients.hold('/w/a/two.ts', '/w');
    await clients.hold('/w/b/three.ts', '/w');
    expect(read).toEqual(['/w/a/frameline.json', '/w/frameline.json', '/w/b/frameline.json']);
  });
});
