import { describe, expect, it } from 'vitest';
import {
  type DescribeServerParams,
  type DescribeServerResult,
  describeServerRequest,
  environmentChangedNotification,
  environmentRequest,
  knownServersRequest,
  serversChangedNotification,
} from '../../src/languageServer/protocol';
import { packParts } from '../../src/schema/packedParts';
import {
  editorCapabilities,
  type RunningServer,
  type ServerOptions,
} from '../tools/languageServer';
import { expectGolden, useLanguageServers } from '../tools/languageServers';
import { LspConversation } from '../tools/lspConversation';
import { sampleParts } from '../tools/requestFiles';
import { until } from '../tools/until';

const start = useLanguageServers();

const sample: DescribeServerResult = {
  kind: 'schema',
  version: '1',
  parts: packParts(sampleParts),
};

/** An editor that knows servers: what it was asked, and what it answers. */
class Editor {
  readonly asked: DescribeServerParams[] = [];
  environment: string | null = null;
  answer: (params: DescribeServerParams) => DescribeServerResult = ({ known }) =>
    known === '1' ? { kind: 'unchanged' } : sample;

  constructor(readonly server: RunningServer) {
    const { connection } = server;
    connection.onRequest(describeServerRequest, (params: DescribeServerParams): object => {
      this.asked.push(params);
      return this.answer(params);
    });
    connection.onRequest(knownServersRequest, () => [
      { name: 'Market', address: 'localhost:50051', plaintext: true },
    ]);
    connection.onRequest(environmentRequest, () => this.environment);
  }
}

async function converse(options?: ServerOptions): Promise<{
  readonly talk: LspConversation;
  readonly editor: Editor;
}> {
  const server = await start({
    initializationOptions: { knowsServers: true, suggestCommand: 'suggest' },
    ...options,
  });
  return { talk: new LspConversation(server), editor: new Editor(server) };
}

const market = `@host = localhost:50051

### Find
# @plaintext
# @deadline 2s
# @expect message.listing.prise exists
# @capture first = message.listing.id
GRPC {{host}}/market.v1.ListingService/SearchListing
authorization: Bearer {{TOKEN}}

{ "query": "lamp", "limit": "many" }

### Get
# @plaintext
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "{{first}}" }
`;

const config = `{
  "environments": {
    "local": {
      "targets": { "market": { "address": "localhost:50051", "security": "plaintext" } },
      "variables": { "pageSize": "20" },
      "secrets": ["TOKEN"]
    },
    "staging": { "variables": { "region": "eu" } }
  }
}
`;

describe('the language server, of request files', () => {
  it('finds what is wrong, with the schema that the editor has', async () => {
    const { talk, editor } = await converse({ files: { 'frameline.json': config } });
    await talk.open('market.grpc', market);
    await talk.diagnosticsAre('market.grpc', /unknown-method/);
    expect(editor.asked).toEqual([
      {
        uri: editor.server.uri('market.grpc'),
        server: {
          name: 'localhost:50051',
          target: { address: 'localhost:50051', security: { kind: 'plaintext' } },
          sources: { reflection: true, protoFiles: [], importPaths: [], descriptorSets: [] },
          reflectionMetadata: [],
        },
      },
    ]);
    await talk.replace('market.grpc', 'SearchListing\n', 'SearchListings\n');
    await talk.diagnostics('market.grpc');
    await talk.replace('market.grpc', '"many"', '{{pageSize}}');
    await talk.replace('market.grpc', 'prise', 'price');
    await talk.diagnostics('market.grpc');
    talk.note('another environment has neither the secret nor the variable');
    editor.environment = 'staging';
    await editor.server.connection.sendNotification(environmentChangedNotification);
    await talk.diagnosticsBecome('market.grpc', 2);
    talk.note('the environments change while they are written');
    await talk.open('frameline.json', config);
    await talk.replace('frameline.json', '"region": "eu"', '"TOKEN": "a", "pageSize": "7"');
    await talk.diagnosticsBecome('market.grpc', 0);
    await expectGolden(talk, 'requestsTyping');
  });

  it('helps to write a request from nothing', async () => {
    const { talk } = await converse({ files: { 'frameline.json': config } });
    await talk.open('new.grpc', '### Find\n');
    let items = await talk.completion('new.grpc', '### Find\n');
    await talk.take('new.grpc', 'GRPC', items);
    items = await talk.completion('new.grpc', 'GRPC ');
    await talk.take('new.grpc', 'market', items);
    items = await talk.completion('new.grpc', 'market/');
    await talk.take('new.grpc', 'market.v1.ListingService', items);
    items = await talk.completion('new.grpc', 'ListingService/');
    await talk.take('new.grpc', 'SearchListings', items);
    await talk.replace('new.grpc', 'SearchListings', 'SearchListings\n\n{ }');
    items = await talk.completion('new.grpc', '{ ');
    await talk.take('new.grpc', 'conditions', items);
    await talk.replace('new.grpc', '‸', ' ');
    items = await talk.completion('new.grpc', '"conditions": [');
    await talk.take('new.grpc', 'CONDITION_NEW', items);
    await talk.diagnostics('new.grpc');
    await expectGolden(talk, 'requestsWriting');
  });

  it('explains, outlines, folds, links, formats and renames', async () => {
    const { talk } = await converse({
      files: { 'frameline.json': config, 'get.json': '{ "id": "lamp-1" }' },
    });
    const text = `${market.replace('SearchListing\n', 'SearchListings\n').replace('prise', 'price')}
###
GRPC market/market.v1.ListingService/GetListing

< ./get.json
`;
    await talk.open('market.grpc', text);
    await talk.hover('market.grpc', 'SearchListings');
    await talk.hover('market.grpc', '"limit"');
    await talk.hover('market.grpc', '{{TOKEN}}');
    await talk.hover('market.grpc', '@deadline');
    await talk.hover('market.grpc', 'market/market');
    await talk.ask('market.grpc', 'documentSymbol');
    await talk.ask('market.grpc', 'foldingRange');
    await talk.ask('market.grpc', 'documentLink');
    await talk.askAt('market.grpc', 'host =', 'references', {
      context: { includeDeclaration: false },
    });
    await talk.askAt('market.grpc', 'first}}', 'definition');
    await talk.askAt('market.grpc', 'TOKEN', 'prepareRename');
    await talk.askAt('market.grpc', 'host =', 'rename', { newName: 'first' });
    await talk.rename('market.grpc', 'host =', 'server');
    await talk.format('market.grpc');
    await expectGolden(talk, 'requestsFeatures');
  });

  it('says once why a server is not known, and takes in what comes later', async () => {
    const { talk, editor } = await converse({ files: { 'frameline.json': config } });
    editor.answer = () => ({ kind: 'failed', message: 'Nothing listens at localhost:50051.' });
    await talk.open('market.grpc', market);
    await talk.diagnosticsAre('market.grpc', /no-schema/);
    editor.answer = () => sample;
    await editor.server.connection.sendNotification(serversChangedNotification);
    await talk.diagnosticsAre('market.grpc', /unknown-method/);
    talk.note('the schema is not sent again when it is the same');
    editor.answer = ({ known }) => ({ ...sample, ...(known === '1' ? { kind: 'unchanged' } : {}) });
    await editor.server.connection.sendNotification(serversChangedNotification);
    await until(() => editor.asked.length === 3);
    expect(editor.asked.map(({ known }) => known)).toEqual([undefined, undefined, '1']);
    await talk.replace('market.grpc', 'SearchListing\n', 'GetListing\n');
    await talk.diagnosticsAre('market.grpc', /has no field "query"/);
    await expectGolden(talk, 'requestsUnknownServer');
  });

  it('looks at the files that a request names', async () => {
    const { talk } = await converse();
    const text = `GRPC localhost:50051/market.v1.ListingService/GetListing\n\n< ./get.json\n`;
    await talk.open('market.grpc', text);
    await talk.diagnosticsAre('market.grpc', /missing-file/);
    await talk.save('get.json', '{ "name": "lamp-1" }');
    await talk.diagnosticsAre('market.grpc', /has no field "name"/);
    await talk.replace('market.grpc', './get.json', '../../get.json');
    await talk.diagnosticsAre('market.grpc', /missing-file|outside-file/);
    await expectGolden(talk, 'requestsFiles');
  });

  it('asks nothing of an editor that knows no servers, and needs no registration of features', async () => {
    const { talk, editor } = await converse({
      capabilities: { ...editorCapabilities, textDocument: {} },
      initializationOptions: undefined,
      files: { 'frameline.json': config },
    });
    await talk.open('market.grpc', market.replace('2s', 'soon'));
    await talk.diagnosticsAre('market.grpc', /option-value/);
    await talk.completion('market.grpc', 'GRPC {{host}}/market.v1.ListingService/Ge');
    await talk.completion('market.grpc', '# @expect ');
    expect(editor.asked).toEqual([]);
    await talk.close('market.grpc');
    await talk.open('other.go', 'package other\n');
    await talk.completion('other.go', 'package ');
    await expectGolden(talk, 'requestsOtherEditor');
  });
});
