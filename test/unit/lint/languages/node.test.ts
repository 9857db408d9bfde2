import { describe, expect, it } from 'vitest';
import type { ChannelFact, Fact, ServiceConfigFact } from '../../../../src/lint/facts';
import { javascript, tsx, typescript } from '../../../../src/lint/languages/node';
import { factsIn, lowered, marketContext, verdictsIn } from '../../../tools/lintSnippet';

describe('lowering JavaScript and TypeScript', () => {
  it('binds what modules give, however they are asked', async () => {
    const text = await lowered(
      typescript,
      `import * as grpc from '@grpc/grpc-js';
       import loader, { loadSync as load, type Options } from '@grpc/proto-loader';
       import type { ListingServiceClient } from './gen/market_grpc_pb';
       import fs = require('fs');
       import './polyfill';
       const { credentials, Metadata: { Flags } } = require('@grpc/grpc-js');
       const promisify = require('util').promisify, other = 1;
       const { promisify: p } = require('node:util');
       const lazy = await import('./lazy');`,
    );
    expect(text).toBe(`import grpc = @grpc/grpc-js
import loader = @grpc/proto-loader
import load = @grpc/proto-loader.loadSync
import Options = @grpc/proto-loader.Options
import ListingServiceClient = ./gen/market_grpc_pb.ListingServiceClient
import fs = fs
import credentials = @grpc/grpc-js.credentials
import Flags = @grpc/grpc-js.Metadata.Flags
import p = node:util.promisify
let promisify = require("util").promisify
let other = 1
let lazy = ~import("./lazy")`);
  });

  it('knows functions and classes by their names', async () => {
    const text = await lowered(
      typescript,
      `export const get = async ({ id }: Request, done?: Done, ...rest: string[]): Promise<void> => use(id);
       const handle: grpc.handleUnaryCall<A, B> = (call, callback) => callback(null);
       @Injectable()
       export class Market extends Base<T> implements A, B<C> {
         readonly #client: pb.ListingServiceClient = make();
         static shared?: Market;
         constructor(private readonly prices: PriceServiceClient, plain: string) { super(); }
         get stub() { return this.#client; }
         @Get(':id') async one(@Param('id') id: string) {}
         two = () => this.#client;
       }
       interface Deps { readonly listings: ListingServiceClient; run(x: number): void }
       type More = { client: ListingServiceClient };
       let late: ListingServiceClient;
       function init() { late = connect(); }`,
    );
    expect(text).toBe(`fn get((parameter 0): Request, done: Done, ...rest: string[]): Promise<void>
  let {id: id} = (parameter 0)
  return use(id)
@grpc.handleUnaryCall<A, B> fn handle(call, callback)
  return callback(null)
@Injectable() class Market < Base < A < B
  field #client: pb.ListingServiceClient = make()
  static field shared: Market
  field prices: PriceServiceClient
  field stub = { fn stub() of this; return this.#client }()
  constructor constructor(prices: PriceServiceClient, plain: string) of this
    super()
  @Get(':id') fn one(id: string) of this
  fn two() of this
    return this.#client
class Deps
  field listings: ListingServiceClient
class More
  field client: ListingServiceClient
let late
fn init()
  late: ListingServiceClient = connect()`);
  });

  it('keeps the ways that a program can take', async () => {
    const text = await lowered(
      javascript,
      `later();
       function later() { return a ? b : c ?? d; }
       if (a) b(); else if (c) { d(); }
       switch (x) { case 1: case 2: e(); break; default: f(); }
       for (const [k, v] of pairs) { if (k) continue; v(); }
       for (let i = 0; i < n; i++) g(i);
       do { h(); } while (x);
       try { i(); } catch (error) { throw error; } finally { j(); }
       out: while (true) { switch (y) { case 1: break out; } }
       shared ??= new Client();
       options.deadline = 1;
       let { p, q: [r, , s] = [], ...t } = u;
       a && b();`,
    );
    expect(text).toBe(`later()
fn later()
  return (a ? b | (c | d))
if ~a
  b()
else
  if ~c
    d()
one of ~x
- branch
  1
  2
  e()
- branch
  f()
loop [k, v] in pairs
  if ~k
    leave
  v()
block
  let i = 0
  loop in (i < n) ?(i)
    g(i)
loop in ~x
  h()
try
  i()
catch
  leave error
finally
  j()
loop in ~true
  at most one of ~y
  - branch
    1
    leave
shared = (shared | new Client())
options.deadline = 1
let {p: p, q: [r, _(), s]} = u
(a ? b())`);
  });

  it('loses no call in what has no counterpart', async () => {
    const text = await lowered(
      tsx,
      `const page = <Page title={title()} {...rest}>{items.map((item) => <Item key={item.id} onClick={() => call(item)} />)}</Page>;
       const text = \`\${a()} and \${b()}\`;
       tag\`\${c()}\`;
       (d(), e());
       const { [f()]: x } = { [g()]: h(), i() { return j; }, ...k() };
       void l();
       async function* m() { yield n(); }`,
    );
    for (const name of 'abcdeghkln') {
      expect(text).toContain(`${name}()`);
    }
    expect(text).toContain('call(item)');
    expect(text).toContain('title()');
  });

  it('reads strings and numbers as the language does', async () => {
    const text = await lowered(
      typescript,
      `f('a\\n\\u{41}\\x42\\'', \`plain\`, 5_000, 0xff, 1e3, 5n, -1, undefined, null, o?.['k']!);`,
    );
    expect(text).toBe(`f("a\\nAB'", "plain", 5000, 255, 1000, ?(), -1, null, null, ~o.k)`);
  });
});

const start = `import * as grpc from '@grpc/grpc-js';
import { ListingServiceClient } from './gen/market_grpc_pb';
const creds = grpc.credentials.createInsecure();
const client = new ListingServiceClient('market:443', creds);
`;

/** What is found in a function of a file that has a client. */
async function verdicts(body: string): Promise<string[]> {
  return verdictsIn(typescript, `${start}export function f(cb, request, something) {\n${body}\n}`);
}

async function reported<Kind extends Fact['kind']>(text: string, kind: Kind) {
  const facts = await factsIn(typescript, text);
  return facts.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
}

describe('where grpc-js takes its options', () => {
  it.each([
    ['client.getListing(request, cb);', 'missing'],
    ['client.getListing(request, { deadline: Date.now() + 1 }, cb);', 'safe'],
    ['client.getListing(request, new grpc.Metadata(), cb);', 'missing'],
    ['client.getListing(request, new grpc.Metadata(), { deadline: Date.now() + 1 }, cb);', 'safe'],
    ['client.getListing(request, something, cb);', 'unknown'],
    ['client.getListing(request, authMetadata(), cb);', 'missing'],
    ['client.getListing({ deadline: Date.now() + 1 }, cb);', 'missing'],
    ['client.searchListings(request);', 'missing'],
    ['client.searchListings({ deadline: Date.now() + 1 });', 'missing'],
    ['client.searchListings(request, { deadline: Date.now() + 1 });', 'safe'],
    ['client.uploadPhotos(cb);', 'missing'],
    ['client.uploadPhotos({ deadline: Date.now() + 1 }, cb);', 'safe'],
    ['client.negotiate();', 'missing'],
    ['client.negotiate({ deadline: Date.now() + 1 });', 'safe'],
    ['client.negotiate(new grpc.Metadata(), something);', 'unknown'],
    ['client.getListing(...something);', 'unknown'],
    ['client.getListing(request);', 'unknown'],
    ['client.getListing(request, something.options);', 'unknown'],
  ])('%s %s', async (call, deadline) => {
    const [found] = await verdicts(call);
    expect(found?.split(' ')[1]).toBe(deadline);
  });

  it('tells RPCs from other methods of a client', async () => {
    expect(
      await verdicts('client.close(); client.waitForReady(1, cb); client.unheardOf(request, cb);'),
    ).toEqual([]);
  });

  it('follows methods that are taken from the client', async () => {
    const text = `import { promisify } from 'util';\n${start}
      const get = promisify(client.getListing.bind(client));
      const { searchListings } = client;
      async function f(request) {
        await get(request);
        await get(request, { deadline: Date.now() + 1 });
        await promisify(client.createListing).call(client, request);
        client.getListing.call(client, request, { deadline: Date.now() + 1 }, () => {});
        searchListings(request);
      }`;
    expect(await verdictsIn(typescript, text)).toEqual([
      'get missing',
      'get safe',
      'createListing missing',
      'getListing safe',
      'searchListings missing',
    ]);
  });
});

describe('compiled and changed clients', () => {
  it('knows what compilers make of imports', async () => {
    const text = `const grpc = __importStar(require("@grpc/grpc-js"));
      const util_1 = require("util");
      const market_1 = require("./generated/market");
      class A {
        constructor() { this.c = new market_1.ListingServiceClient("a", grpc.credentials.createInsecure()); }
        get(params, metadata = new grpc.Metadata()) {
          return (0, util_1.promisify)(this.c.getListing.bind(this.c))(params, metadata);
        }
      }`;
    expect(await verdictsIn(javascript, text)).toEqual(['getListing missing']);
  });

  it('leaves methods alone that a library has changed', async () => {
    const text = `const grpc = require('@grpc/grpc-js');
      const grpcPromise = require('grpc-promise');
      const orders = new (grpc.loadPackageDefinition(d).shop.Orders)('a', grpc.credentials.createInsecure());
      grpcPromise.promisifyAll(orders, { timeout: 1000 });
      orders.place().sendMessage({});`;
    expect(await verdictsIn(javascript, text)).toEqual(['place unknown']);
    expect(await verdictsIn(javascript, text.replace(/.*grpc-?promise.*/gi, ''))).toEqual([
      'place missing',
    ]);
  });
});

describe('what is a client', () => {
  const calling = (imports: string, make: string) =>
    verdictsIn(
      typescript,
      `${imports}\nconst client = ${make};\nexport const f = () => client.getListing({}, () => {});`,
    );

  it.each([
    ["import { ListingServiceClient } from './anything'", 'new ListingServiceClient(a, b)'],
    ["import { OrderClient } from './order_grpc_pb'", 'new OrderClient(a, b)'],
    ["import grpc from '@grpc/grpc-js'", 'new (grpc.loadPackageDefinition(d).a.Orders)(a, b)'],
    [
      "import { ChannelCredentials } from '@grpc/grpc-js'; import { OrderClient } from './gen/order'",
      'new OrderClient(a, ChannelCredentials.createInsecure())',
    ],
  ])('%s: %s', async (imports, make) => {
    expect(await calling(imports, make)).toEqual(['getListing missing']);
  });

  it.each([
    ["import { OrderClient } from './orders'", 'new OrderClient(a, b)'],
    ["import { ApiClient } from './generated/api'", 'new ApiClient(url, options)'],
    ["import { ListingServiceClient } from './market.client'", 'new ListingServiceClient(a, b)'],
    [
      "import { ListingServiceClient } from './market_grpc_web_pb'",
      'new ListingServiceClient(a, b)',
    ],
    ["import { ListingServiceClient } from './gen/market'", 'new ListingServiceClient(transport)'],
    [
      "import { ListingServiceClient } from './gen/market'",
      'new ListingServiceClient(u, null, null)',
    ],
    ["import { PublisherClient } from '@google-cloud/pubsub'", 'new PublisherClient(a, b)'],
  ])('not %s: %s', async (imports, make) => {
    expect(await calling(imports, make)).toEqual([]);
  });

  it('takes the classes of frameline.json for one', async () => {
    const text =
      "import { OrderClient } from './orders';\nexport const f = (orders: OrderClient) => orders.place({}, () => {});";
    expect(await verdictsIn(typescript, text)).toEqual([]);
    expect(
      await verdictsIn(typescript, text, marketContext({ stubs: ['orders.OrderClient'] })),
    ).toEqual(['place missing']);
  });

  it('takes helpers and interceptors of frameline.json for what gives a deadline', async () => {
    const text = `${start}import { quick, patience } from './options';
      const other = new ListingServiceClient('a', creds, { interceptors: [patience()] });
      export const f = () => {
        client.getListing({}, quick(), () => {});
        other.getListing({}, () => {});
      };`;
    expect(await verdictsIn(typescript, text)).toEqual([
      'getListing unknown',
      'getListing unknown',
    ]);
    expect(
      await verdictsIn(
        typescript,
        text,
        marketContext({ helpers: ['quick'], interceptors: ['patience'] }),
      ),
    ).toEqual(['getListing safe', 'getListing safe']);
  });

  it('leaves a client of NestJS, whose calls are observables, alone', async () => {
    const text = `import type { ClientGrpc } from '@nestjs/microservices';
      import type { ListingServiceClient } from './gen/market';
      export class A { #client: ListingServiceClient; get() { return this.#client.getListing({}); } }`;
    expect(await verdictsIn(typescript, text)).toEqual([]);
  });
});

describe('channels', () => {
  const made = async (text: string): Promise<ChannelFact[]> => reported(start + text, 'channel');

  it('have the address, the keepalive and the policy that are written', async () => {
    const [, fact] = await made(
      `const options = { 'grpc.keepalive_time_ms': 30_000 };
       new ListingServiceClient('dns:///market:443', creds, {
         ...options,
         'grpc.keepalive_permit_without_calls': 1,
         'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
       });`,
    );
    expect(fact).toMatchObject({
      implementation: 'grpc-js',
      what: 'client',
      target: 'dns:///market:443',
      keepalive: { time: 30_000, withoutCalls: true },
      policy: 'round_robin',
      isOpen: false,
      place: 'module',
    });
  });

  it('hide what comes from elsewhere', async () => {
    const [, fact] = await made(
      'export const f = (address, options) => new ListingServiceClient(address, creds, options);',
    );
    expect(fact).toMatchObject({ isOpen: true, place: 'function' });
    expect(fact?.target).toBeUndefined();
  });

  it.each([
    ['handler', 'app.get("/x", async (c) => { new ListingServiceClient("a", creds); });'],
    [
      'handler',
      'const h = { getListing(call, callback) { new ListingServiceClient("a", creds); } };',
    ],
    [
      'handler',
      'export async function GET(request: Request) { new ListingServiceClient("a", creds); }',
    ],
    ['loop', 'function f() { for (;;) { new ListingServiceClient("a", creds); } }'],
    ['loop', 'function f(xs) { xs.forEach(() => new ListingServiceClient("a", creds)); }'],
    ['function', 'let c; const h = (req, res) => { c ??= new ListingServiceClient("a", creds); };'],
    [
      'function',
      'let c; const h = (req, res) => { if (!c) { c = new ListingServiceClient("a", creds); } };',
    ],
  ])('are made in a %s: %s', async (place, text) => {
    expect((await made(text)).at(-1)?.place).toBe(place);
  });

  it('are not made for a client that gets one', async () => {
    expect(
      await made('new ListingServiceClient("a", creds, { channelOverride: other });'),
    ).toHaveLength(1);
  });

  it('of Connect have its PINGs', async () => {
    const [fact] = await reported(
      `import { createGrpcTransport } from '@connectrpc/connect-node';
       createGrpcTransport({ baseUrl: 'https://a', pingIntervalMs: 60_000, pingIdleConnection: true });`,
      'channel',
    );
    expect(fact).toMatchObject({
      implementation: 'connect-es',
      target: 'https://a',
      keepalive: { time: 60_000, withoutCalls: true },
    });
  });
});

describe('service configs', () => {
  const config = async (value: string): Promise<ServiceConfigFact | undefined> =>
    (
      await reported(
        `${start}new ListingServiceClient('a', creds, { 'grpc.service_config': ${value} });`,
        'serviceConfig',
      )
    )[0];

  it('are text, where it stands', async () => {
    const fact = await config(`'{"methodConfig": []}'`);
    expect(fact?.config).toEqual({ text: '{"methodConfig": []}' });
    expect(fact?.textFrom).toBeGreaterThan(0);
    expect((await config('\'{"a": "\\\\n"}\''))?.textFrom).toBeUndefined();
  });

  it('are objects that become text', async () => {
    const fact = await config(`JSON.stringify({ methodConfig: [{ name: [{}], timeout: limit }] })`);
    expect(fact?.unseen).toEqual(['methodConfig[0].timeout']);
    expect(fact?.places?.['methodConfig[0].name']).toBeDefined();
  });
});

describe('deadlines that are read as something else', () => {
  const misread = async (deadline: string): Promise<string[]> => {
    const facts = await reported(
      `${start}export const f = (cb) => client.getListing({}, { deadline: ${deadline} }, cb);`,
      'misread',
    );
    return facts.map(({ replacement }) => replacement?.text ?? '');
  };

  it.each([
    ['5_000', 'Date.now() + 5_000'],
    ['60 * 1000', 'Date.now() + 60 * 1000'],
    ['Math.floor(Date.now() / 1000) + 5', ''],
    ['new Date() + 5000', 'Date.now() + 5000'],
    ['new Date(null)', ''],
    ['Date.now() - 5', 'Date.now() + 5000'],
    ["'5s'", ''],
  ])('%s', async (written, instead) => {
    expect(await misread(written)).toEqual([instead]);
  });

  it.each([
    'Date.now() + 5',
    'new Date(Date.now() + 5)',
    'new Date(+new Date() + 5)',
    'Math.round(Date.now() + 5.5)',
    'Number(new Date()) + 5',
    'later()',
    'Math.floor(Date.now() / 1000) * 1000 + 5000',
  ])('not %s', async (written) => {
    expect(await misread(written)).toEqual([]);
  });
});
