import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { CallHistory, type CallToKeep } from '../../../../src/host/history/callHistory';
import { callText } from '../../../../src/host/history/callText';
import type { RequestDraft } from '../../../../src/request/draft';
import type { CallStatus } from '../../../../src/transcript/entry';
import { outline } from '../../../tools/readTranscript';
import { useTemporaryFolders } from '../../../tools/temporaryFolder';
import { Conversation, endedOk, method, ordinaryCall, schema } from '../../panel/conversation';
import { server } from './calls';

const settings = vi.hoisted(() => new Map<string, unknown>());

vi.mock('vscode', () => ({
  EventEmitter: class {
    readonly #listeners = new Set<() => void>();
    readonly event = (listener: () => void) => {
      this.#listeners.add(listener);
      return { dispose: () => this.#listeners.delete(listener) };
    };
    fire(): void {
      for (const listener of this.#listeners) {
        listener();
      }
    }
    dispose(): void {
      this.#listeners.clear();
    }
  },
  workspace: {
    getConfiguration: () => ({
      get: (name: string, fallback: unknown) => settings.get(name) ?? fallback,
    }),
  },
}));

const makeFolder = useTemporaryFolders();
const request: RequestDraft = {
  target: server.target,
  sources: server.sources,
  reflectionMetadata: [],
  method: method.path.slice(1),
  metadata: [{ key: 'authorization', value: 'Bearer top-secret' }],
  options: { deadline: '5s', retries: 'false' },
  messages: ['{"id":"lamp-1"}'],
};

async function opened(set: Readonly<Record<string, unknown>> = {}) {
  settings.clear();
  for (const [name, value] of Object.entries(set)) {
    settings.set(name, value);
  }
  const root = path.join(await makeFolder(), 'history');
  const warnings: string[] = [];
  const history = new CallHistory(
    { fsPath: root } as vscode.Uri,
    { warn: (message: string) => warnings.push(message) } as unknown as vscode.LogOutputChannel,
  );
  return { history, root, warnings };
}

function kept(conversation: Conversation, status: CallStatus = endedOk): CallToKeep {
  const { transcript } = conversation;
  return { server, method, schema, transcript, status, request, secrets: [], deadline: 5000 };
}

const ended = ordinaryCall;

describe('CallHistory', () => {
  it('opens a call with the same rows, schema and request', async () => {
    const { history } = await opened();
    const conversation = ended();
    let told = 0;
    history.onDidChange(() => told++);
    await history.record({ ...kept(conversation), environment: 'local' });
    expect(told).toBe(1);
    const [listed] = await history.list();
    expect(listed?.entry).toMatchObject({
      server,
      path: method.path,
      environment: 'local',
      deadline: 5000,
      receivedMessages: 2,
      hiddenMetadata: ['authorization'],
      requestEnded: true,
    });
    const call = await history.open(listed?.entry.id ?? '');
    expect(outline(call.transcript)).toEqual(outline(conversation.transcript));
    expect(call.transcript.timing).toEqual(conversation.transcript.timing);
    expect(call.status).toEqual(endedOk);
    expect(call.method).toMatchObject({ path: method.path, responseType: method.responseType });
    expect(call.request).toEqual({
      ...request,
      metadata: [{ key: 'authorization', value: '' }],
    });
    expect(await history.request(call.entry.id)).toEqual(call.request);
    call.transcript.dispose();
  });

  it('writes no secret to disk', async () => {
    const { history, root } = await opened();
    const status: CallStatus = { ...endedOk, code: 3, name: 'X', message: 'bad hush-hush' };
    await history.record({
      ...kept(new Conversation().end(status), status),
      server: { ...server, target: { ...server.target, address: 'hush-hush.example:1' } },
      secrets: ['hush-hush'],
      request: { ...request, messages: ['{"id":"hush-hush"}'] },
    });
    const { entry } = (await history.list())[0] ?? {};
    expect(entry?.server.target.address).toBe('••••••.example:1');
    const names = await readdir(root, { recursive: true });
    const files = names.filter((name) => name.endsWith('.call'));
    expect(files).toHaveLength(1);
    const head = await readFile(path.join(root, files[0] ?? ''), 'utf8');
    // The archive follows: the transcript hides what its call was told to hide.
    expect(head.split('\n', 2).join('\n').slice(0, 2000)).not.toMatch(/hush-hush|top-secret/);
  });

  it('keeps what the settings allow', async () => {
    const off = await opened({ 'frameline.history.maxCalls': 0 });
    await off.history.record(kept(ended()));
    expect(await off.history.list()).toEqual([]);
    const { history } = await opened({ 'frameline.history.maxCalls': 2 });
    await Promise.all([1, 2, 3].map(() => history.record(kept(ended()))));
    expect(await history.list()).toHaveLength(2);
  });

  it('keeps the beginning and the status of a call that is very large', async () => {
    const { history } = await opened({ 'frameline.history.maxSize': 1 });
    const conversation = new Conversation();
    for (let index = 0; index < 40; index++) {
      // Nothing that compresses: a photo.
      const photo = Buffer.from(
        Array.from({ length: 20_000 }, (_, at) => (at * at * 31 + index * 7) % 251),
      );
      conversation.listing({ photo: photo.toString('base64') });
    }
    conversation.end();
    await history.record(kept(conversation));
    const [listed] = await history.list();
    expect(listed?.size).toBeLessThan(300 * 1024);
    const call = await history.open(listed?.entry.id ?? '');
    expect(call.transcript.length).toBeLessThan(conversation.transcript.length);
    expect(call.status).toEqual(endedOk);
    expect(listed?.entry.receivedMessages).toBe(40);
    call.transcript.dispose();
  });

  it('says in the log what it can not keep, and why a call can not be opened', async () => {
    const { history, root, warnings } = await opened();
    await writeFile(root, 'a file where the folder should be');
    await history.record(kept(ended()));
    expect(warnings[0]).toMatch(/^History: market\.v1\.ListingService\/Get is not kept: /);
    await rm(root);
    await history.record(kept(ended()));
    const id = (await history.list())[0]?.entry.id ?? '';
    await rm(path.join(root, 'schemas'), { recursive: true });
    await expect(history.open(id)).rejects.toMatchObject({ code: 'history-unreadable' });
    await history.remove(id);
    await expect(history.open(id)).rejects.toMatchObject({ why: 'It was removed meanwhile.' });
  });
});

describe('callText', () => {
  it('puts what two calls have in common into the same lines, and times at the end', async () => {
    const { history } = await opened();
    for (const title of ['Oak desk', 'Pine desk']) {
      const conversation = new Conversation()
        .headers('sent', [
          [':path', method.path],
          ['authorization', 'Bearer top-secret'],
          ['grpc-timeout', title.length === 8 ? '4998m' : '4997m'],
        ])
        .message('sent', schema.encode(method.requestType, '{"id":"lamp-1"}'))
        .headers('received', [
          [':status', '200'],
          ['date', title],
        ])
        .listing({ title })
        .headers('received', [['grpc-status', '0']], true)
        .end();
      await history.record(kept(conversation));
    }
    const texts: string[] = [];
    for (const { entry } of (await history.list()).reverse()) {
      const call = await history.open(entry.id);
      texts.push(await callText(call));
      call.transcript.dispose();
    }
    const [one = '', other = ''] = texts;
    expect(one.split('\nTiming\n')[0]).toBe(`market.v1.ListingService/Get

Target
  Market, localhost:50051
  plaintext: not encrypted

Options
  deadline: 5s
  retries: false

Status
  0 OK
  from: application

Request headers
  :path: /market.v1.ListingService/Get
  authorization: (hidden)

Request messages: 1
  {
    "id": "lamp-1"
  }

Response headers
  :status: 200

Response messages: 1
  {
    "title": "Oak desk"
  }

Response trailers
  grpc-status: 0
`);
    expect(other.split('\nTiming\n')[0]).toBe(
      one.split('\nTiming\n')[0]?.replace('Oak desk', 'Pine desk'),
    );
    expect(one.split('\nTiming\n')[1]).toMatch(
      /started: .*\n.*grpc-timeout: 4998m\n {2}date: Oak desk\n$/s,
    );
  });
});
