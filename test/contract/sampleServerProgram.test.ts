import { type ChildProcess, type ChildProcessByStdio, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import * as grpc from '@grpc/grpc-js';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sampleServerBuild, sampleServerFiles } from '../../scripts/sampleServerBundle.mjs';
import { sampleClient } from '../tools/sampleClient';

/** The program as it ships: bundled, far from node_modules, started from another directory. */

const dist = mkdtempSync(join(tmpdir(), 'frameline-bundle-'));
const children = new Set<ChildProcess>();

beforeAll(async () => {
  await Promise.all([build(sampleServerBuild(dist)), sampleServerFiles(dist)]);
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

afterAll(() => rmSync(dist, { recursive: true, force: true }));

type Program = ChildProcessByStdio<Writable, Readable, Readable>;

function program(...args: string[]): Program {
  const path = join(dist, 'sampleServer/bin/main.cjs');
  const child = spawn(process.execPath, [path, ...args], {
    cwd: tmpdir(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.add(child);
  return child;
}

interface Ready {
  readonly address: string;
  readonly tlsAddress: string;
  readonly mtlsAddress: string;
  readonly pid: number;
  readonly certificates: Record<'ca' | 'clientCertificate' | 'clientKey', string>;
}

async function ready(child: Program): Promise<Ready> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as Ready;
}

it('prints one line of JSON, serves, and stops on SIGTERM with its files removed', async () => {
  const child = program('--json', '--tls', '--mtls');
  const { address, tlsAddress, mtlsAddress, certificates, pid } = await ready(child);
  expect(pid).toBe(child.pid);
  expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(new Set([address, tlsAddress, mtlsAddress]).size).toBe(3);
  if (process.platform !== 'win32') {
    expect(statSync(join(certificates.ca, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(certificates.clientKey).mode & 0o777).toBe(0o600);
  }

  const client = sampleClient(
    mtlsAddress,
    'market.v1.ListingService',
    grpc.credentials.createSsl(
      readFileSync(certificates.ca),
      readFileSync(certificates.clientKey),
      readFileSync(certificates.clientCertificate),
    ),
  );
  expect((await client.unary('GetListing', { id: 'lamp-1' })).response).toMatchObject({
    title: 'Brass reading lamp',
  });
  client.close();
  // Reflection and channelz read their files from the bundle's directory.
  const channelz = sampleClient(address, 'grpc.channelz.v1.Channelz');
  expect((await channelz.unary('GetServers', {})).response).toHaveProperty('server');
  const reflection = sampleClient(address, 'grpc.reflection.v1.ServerReflection');
  const call = reflection.bidirectional('ServerReflectionInfo');
  call.end({ listServices: '*' });
  const [answer] = await once(call, 'data');
  expect(answer).toHaveProperty('listServicesResponse');

  // A call that hangs does not keep it from stopping.
  const faults = sampleClient(address, 'faults.v1.Faults');
  const hang = expect(faults.unary('Hang', {})).rejects.toMatchObject({ code: 14 });
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  await hang;
  expect(existsSync(certificates.ca)).toBe(false);
  for (const each of [channelz, reflection, faults]) each.close();
});

it('greets with text that says what to try', async () => {
  const child = program();
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    if (line.includes('grpcurl')) {
      expect(line).toMatch(/grpcurl -plaintext 127\.0\.0\.1:\d+ list/);
      break;
    }
  }
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  expect(await exit).toEqual([0, null]);
});

it('stops when its parent closes stdin, if asked to', async () => {
  const child = program('--json', '--exit-with-parent');
  await ready(child);
  const exit = once(child, 'exit');
  child.stdin.end();
  expect(await exit).toEqual([0, null]);
});

it('stops when the IPC channel to its parent closes, if asked to', async () => {
  const child = fork(join(dist, 'sampleServer/bin/main.cjs'), ['--json', '--exit-with-parent'], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  children.add(child);
  if (!child.stdout) throw new Error('no stdout');
  await once(createInterface(child.stdout), 'line');
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([0, null]);
});

it('takes a preferred port while it is free, and another one otherwise', async () => {
  const first = program('--json');
  const { address } = await ready(first);
  const port = address.split(':')[1] ?? '';
  const second = program('--json', '--prefer-port', port);
  const other = await ready(second);
  expect(other.address).not.toBe(address);
  const client = sampleClient(other.address, 'market.v1.ListingService');
  expect((await client.unary('GetListing', {})).response).toMatchObject({ id: 'lamp-1' });
  client.close();

  const exit = once(first, 'exit');
  first.kill('SIGTERM');
  await exit;
  expect((await ready(program('--json', '--prefer-port', port))).address).toBe(address);
});

it('refuses a bad or busy port with the reason', async () => {
  const bad = program('--port', 'many');
  const [text] = await once(bad.stderr, 'data');
  expect(String(text)).toContain('--port many is no port');
  expect(await once(bad, 'exit')).toEqual([1, null]);

  const first = program('--json');
  const { address } = await ready(first);
  const second = program('--json', '--port', address.split(':')[1] ?? '');
  const [reason] = await once(second.stderr, 'data');
  expect(String(reason)).toContain('EADDRINUSE');
  expect(await once(second, 'exit')).toEqual([1, null]);
  const exit = once(first, 'exit');
  first.kill('SIGTERM');
  await exit;
});
