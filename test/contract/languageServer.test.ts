import { describe, expect, it } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import type { ServerOptions } from '../tools/languageServer';
import { expectGolden, useLanguageServers } from '../tools/languageServers';
import { LspConversation } from '../tools/lspConversation';

const start = useLanguageServers();

async function converse(options?: ServerOptions): Promise<LspConversation> {
  const server = await start({
    initializationOptions: { opensRulePages: true },
    ...options,
  });
  return new LspConversation(server);
}

const shop = `import { credentials } from '@grpc/grpc-js';
import { ListingServiceClient } from './gen/market_grpc_pb';

const client = new ListingServiceClient('localhost:50051', credentials.createInsecure());

export function title(id: string, done: (title: string) => void) {
  client.getListing({ id }, (error, listing) => {
    done(listing.title);
  });
}

export function remove(id: string, done: () => void) {
  client.deleteListing({ id }, done);
}
`;

const goShop = `package shop

import (
	"context"

	"google.golang.org/grpc"

	marketv1 "example.com/gen/market/v1"
)

func Listing(conn *grpc.ClientConn, id string) (*marketv1.Listing, error) {
	client := marketv1.NewListingServiceClient(conn)
	return client.GetListing(context.Background(), &marketv1.GetListingRequest{Id: id})
}
`;

const proto = `syntax = "proto3";
package market.v1;
service ListingService {
  rpc GetListing(GetListingRequest) returns (Listing);
  rpc DeleteListing(DeleteListingRequest) returns (Empty);
}
`;

const serviceConfig = `{
  "methodConfig": [
    {
      "name": [{ "service": "market.v1.ListingService" }],
      "timeout": "5 seconds"
    }
  ]
}
`;

describe('the language server', () => {
  it('finds, mends and explains while one types', async () => {
    const talk = await converse({ files: { 'proto/market.proto': proto } });
    await talk.open('shop.ts', shop);
    await talk.diagnostics('shop.ts');
    await talk.hover('shop.ts', 'getListing');
    const actions = await talk.codeActions('shop.ts', 'getListing');
    await talk.choose('shop.ts', firstFix(actions), actions);
    await talk.diagnostics('shop.ts');
    talk.note('what is mended by hand is seen, too');
    await talk.replace('shop.ts', '{ id }, done', '{ id }, { deadline: Date.now() + 5000 }, done');
    await talk.diagnostics('shop.ts');
    await talk.replace(
      'shop.ts',
      '{ deadline: Date.now() + 5000 }, done',
      '{ timeout: 5000 }, done',
    );
    await talk.diagnostics('shop.ts');
    await talk.hover('shop.ts', "'@grpc/grpc-js'");
    await expectGolden(talk, 'typing');
  });

  it('mends a call where the language needs more than an argument', async () => {
    const talk = await converse({ files: { 'proto/market.proto': proto } });
    await talk.open('shop.go', goShop);
    await talk.diagnostics('shop.go');
    const actions = await talk.codeActions('shop.go', 'GetListing(');
    await talk.choose('shop.go', firstFix(actions), actions);
    await talk.diagnostics('shop.go');
    await expectGolden(talk, 'go');
  });

  it('takes a reason for what stays as it is', async () => {
    const talk = await converse();
    await talk.open('shop.ts', shop);
    await talk.diagnostics('shop.ts');
    const actions = await talk.codeActions('shop.ts', 'deleteListing', ['quickfix']);
    const title = 'Suppress missing-deadline here, with a reason';
    await talk.choose('shop.ts', { title }, actions);
    await talk.replace('shop.ts', '‸', '');
    await talk.diagnostics('shop.ts');
    await talk.replace(
      'shop.ts',
      'missing-deadline: ',
      'missing-deadline: the job is killed anyway',
    );
    await talk.diagnostics('shop.ts');
    await talk.replace('shop.ts', 'client.deleteListing({ id }, done)', 'done()');
    await talk.diagnostics('shop.ts');
    await expectGolden(talk, 'suppressing');
  });

  it('mends a whole file at once', async () => {
    const talk = await converse();
    await talk.open('shop.ts', shop);
    await talk.diagnostics('shop.ts');
    const actions = await talk.codeActions('shop.ts', "'@grpc/grpc-js'", ['source.fixAll']);
    await talk.choose('shop.ts', firstFix(actions), actions);
    await talk.diagnostics('shop.ts');
    await talk.codeActions('shop.ts', "'@grpc/grpc-js'", ['source.fixAll.frameline']);
    await expectGolden(talk, 'fixAll');
  });

  it('gives edits that older editors understand, at once and by address', async () => {
    const talk = await converse({ capabilities: {}, initializationOptions: undefined });
    await talk.open('shop.ts', shop);
    await talk.diagnostics('shop.ts');
    const actions = await talk.codeActions('shop.ts', 'deleteListing');
    expect(actions.map(({ title, edit }) => [title, Object.keys(edit ?? {})])).toEqual(
      actions.map(({ title }) => [title, ['changes']]),
    );
    await expectGolden(talk, 'olderEditor');
  });

  it('follows frameline.json while it is written, and says what is wrong in it', async () => {
    const talk = await converse();
    await talk.open('shop.ts', shop);
    await talk.diagnostics('shop.ts');
    await talk.open('frameline.json', '{ "lint": { "rules": {} } }', 'jsonc');
    await talk.diagnostics('frameline.json');
    await talk.write('frameline.json', '{ "lint": { "rules": { "missing-deadline": "erorr" } } }');
    await talk.diagnostics('frameline.json');
    await talk.write('frameline.json', '{ "lint": { "rules": { "missing-deadline": "error" } } }');
    await talk.diagnosticsAre('shop.ts', /error frameline missing-deadline/);
    await talk.write('frameline.json', '{ "lint": { "rules": { "missing-deadline": "off" } } }');
    await talk.diagnosticsBecome('shop.ts', 0);
    talk.note('it was not saved');
    await talk.close('frameline.json');
    await talk.diagnosticsBecome('shop.ts', 2);
    await talk.save('frameline.json', '{ "lint": { "ignore": ["shop.ts"] } }');
    await talk.diagnosticsBecome('shop.ts', 0);
    await talk.save('frameline.json', '{ "lint": { "ignore": "shop.ts" } }');
    await talk.diagnosticsBecome('shop.ts', 2);
    await talk.diagnosticsBecome('frameline.json', 1);
    await expectGolden(talk, 'configuration');
  });

  it('checks a service config as it is written', async () => {
    const talk = await converse();
    await talk.open('service-config.json', serviceConfig);
    await talk.diagnostics('service-config.json');
    await talk.replace('service-config.json', '5 seconds', '5s');
    await talk.diagnostics('service-config.json');
    talk.note('other JSON is none of its business');
    await talk.write('service-config.json', '{ "timeout": "5 seconds" }');
    await talk.diagnostics('service-config.json');
    await expectGolden(talk, 'serviceConfig');
  });

  it('learns from other files, saved or not', async () => {
    const stock = proto.replaceAll('Listing', 'Stock');
    const talk = await converse({ files: { 'proto/market.proto': proto } });
    await talk.open(
      'stock.ts',
      shop.replaceAll('Listing', 'Stock').replace('./gen/market_grpc_pb', './clients'),
    );
    await talk.diagnostics('stock.ts');
    await talk.save('proto/stock.proto', stock);
    await talk.diagnosticsBecome('stock.ts', 2);
    await talk.open('proto/stock.proto', stock);
    await talk.replace('proto/stock.proto', 'service StockService', 'service ShelfService');
    await talk.diagnosticsBecome('stock.ts', 0);
    await talk.close('proto/stock.proto');
    talk.note('it was not saved');
    await talk.diagnosticsBecome('stock.ts', 2);
    await expectGolden(talk, 'workspaceIndex');
  });

  it('keeps apart what different folders say, and follows which of them are open', async () => {
    const client = shop.replaceAll('Listing', 'Stock').replace('./gen/market_grpc_pb', './clients');
    const talk = await converse({
      files: {
        'shop/proto/stock.proto': proto.replaceAll('Listing', 'Stock'),
        'tools/frameline.json': '{ "lint": { "rules": { "missing-deadline": "hint" } } }',
      },
      folders: ['shop', 'tools'],
    });
    await talk.open('shop/stock.ts', client);
    await talk.open('tools/stock.ts', client);
    await talk.open('tools/shop.ts', shop);
    await talk.diagnosticsBecome('shop/stock.ts', 2);
    await talk.diagnostics('tools/stock.ts');
    await talk.diagnostics('tools/shop.ts');
    talk.note('only tools is open');
    await talk.server.openFolders(['tools']);
    await talk.diagnosticsBecome('shop/stock.ts', 0);
    talk.note('the folder of both is open');
    await talk.server.openFolders(['.']);
    await talk.diagnosticsBecome('shop/stock.ts', 2);
    await talk.diagnosticsBecome('tools/stock.ts', 2);
    await expectGolden(talk, 'folders');
  });

  it('lints what is not saved yet, and only what is wanted and can be read', async () => {
    const talk = await converse();
    await talk.open('untitled:Untitled-1', shop, 'typescript');
    await talk.diagnostics('untitled:Untitled-1');
    await talk.open('shop.ts', shop);
    await talk.configure('shop.ts', false);
    await talk.diagnosticsBecome('shop.ts', 0);
    await talk.configure('shop.ts', true);
    await talk.diagnosticsBecome('shop.ts', 2);
    await talk.close('shop.ts');
    await talk.diagnosticsBecome('shop.ts', 0);
    await talk.open('vendor/market/shop.ts', shop);
    await talk.diagnostics('vendor/market/shop.ts');
    await talk.open('git:/shop.ts', shop, 'typescript');
    await talk.open('file://nowhere/%zz.ts', shop, 'typescript');
    await talk.hover('git:/shop.ts', 'getListing');
    await expectGolden(talk, 'documents');
  });

  it('goes on after nonsense', async () => {
    const talk = await converse();
    await talk.open('shop.ts', shop);
    await talk.diagnostics('shop.ts');
    const { server } = talk;
    const uri = server.uri('shop.ts');
    const far = { line: 5_000_000, character: 7_000_000 };
    const near = { line: 0, character: 0 };
    const say = (method: string, params: unknown) =>
      server.connection.sendNotification(method, params as object);
    await say('textDocument/didChange', {
      textDocument: { uri: 'file:///nobody/opened/this.ts', version: 3 },
      contentChanges: [{ text: '' }],
    });
    await say('textDocument/didClose', { textDocument: { uri: 'file:///nobody/opened/this.ts' } });
    await say('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [
        { range: { start: far, end: near }, text: '\0\ud800 \ufeff' },
        { range: { start: far, end: far }, text: '(((((`${' },
        { range: { start: near, end: near }, text: '*/ <<<<<<< HEAD' },
      ],
    });
    await say('workspace/didChangeWatchedFiles', {
      changes: [
        { uri: 'not a uri', type: 1 },
        { uri: server.uri('gone.ts'), type: 3 },
        { uri: server.uri('no/such/folder/frameline.json'), type: 2 },
      ],
    });
    await say('$/noSuchThing', {});
    await expect(
      server.connection.sendRequest('textDocument/hover', {
        textDocument: { uri },
        position: far,
      }),
    ).resolves.toBeNull();
    await expect(
      server.connection.sendRequest('textDocument/codeAction', {
        textDocument: { uri: 'file:///nobody/opened/this.ts' },
        range: { start: near, end: far },
        context: { diagnostics: [] },
      }),
    ).resolves.toEqual([]);
    await expect(
      server.connection.sendRequest('codeAction/resolve', { title: 'x', data: { uri: 'x:y' } }),
    ).resolves.toMatchObject({ title: 'x' });
    await talk.write('shop.ts', `${shop}${'(['.repeat(50_000)}`);
    await talk.write('shop.ts', `//${'x'.repeat(1_100_000)}\n${shop}`);
    await talk.diagnostics('shop.ts');
    talk.log();
    await talk.write('shop.ts', shop);
    await talk.diagnostics('shop.ts');
    expect(await server.stop()).toBe(0);
    await expectGolden(talk, 'nonsense');
  });

  it('answers while it reads a large workspace', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [`src/part${at}/shop.ts`, shop.repeat(20)]),
    );
    const talk = await converse({ files: { ...files, 'proto/market.proto': proto } });
    await talk.open('shop.ts', shop);
    await talk.diagnostics('shop.ts');
    await talk.hover('shop.ts', 'getListing');
    await expectGolden(talk, 'largeWorkspace');
  });
});

/** What the editor would take by itself. */
function firstFix(actions: readonly CodeAction[]): CodeAction {
  const [first] = actions;
  if (!first) throw new Error('nothing is offered');
  return first;
}
