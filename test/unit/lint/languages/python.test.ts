import { describe, expect, it } from 'vitest';
import type { ChannelFact, Fact } from '../../../../src/lint/facts';
import { python } from '../../../../src/lint/languages/python';
import { factsIn, lowered, marketContext, verdictsIn } from '../../../tools/lintSnippet';

describe('lowering Python', () => {
  it('keeps what runs, in its order', async () => {
    const text = await lowered(
      python,
      `from __future__ import annotations
import gen.market_pb2_grpc as pb, os.path
from .gen import a, b as c
from x import *
if TYPE_CHECKING:
    from y import Z
class A(B, metaclass=M):
    x: int = 1
    y: Stub
    @property
    def p(self) -> Stub: return self.x
    @staticmethod
    def s(a, *, b=2): return dict(a=a, **b)
    @classmethod
    def k(cls): return cls.y
async def f(a, b: T = None, *rest, **more):
    import z.w
    global g
    g = a
    async with open(a) as ch, asyncio.timeout(3):
        async for i, j in ch: await i(j, *rest, k=1, **more)
        else: n()
    try: r = "a\\x41" 'b'
    except E as e: raise X from e
    else: del r
    finally: q()
    match a:
        case 1 if b: m()
        case _: pass
    t = [u for v in w if v for u in v]
    while (x := f()): break
    o = {**a, "k": 1, n: 2}
    return [1, *t], b or "x" if a and b else not t[0]["k"]
g = lambda q: q + 0x1F
@contextmanager
def cm():
    yield g`,
    );
    expect(text).toBe(`import pb = gen.market_pb2_grpc
import os = os
import a = gen.a
import c = gen.b
import * = x
import Z = y.Z
if TYPE_CHECKING
  Z = import y.Z
class A < B
  static field x: int = 1
  static field y: Stub
  @property fn p(): Stub of self
    return self.x
  @staticmethod fn s(a, b = 2)
    return {...~b, a: a}
  @classmethod fn k() of cls
    return cls.y
fn f(a, b: T = null, ...rest, ...more)
  z = import z
  g = a
  ch = open(a)
  asyncio.timeout(3, { block;   loop [i, j] in ch;     ~i(j, ...~rest, k: 1, ...~more);   at most one of;   - branch;     n() })
  try
    r = "aAb"
  catch
    leave ?(X, e)
  finally
    q()
  one of a
  - branch
    ?(b)
    m()
  - branch
  t = { loop v in w;   if ~v;     loop u in v;       u }
  loop in
    ~(x = f())
    leave ?()
  o = {...~a, ...?(n, 2), k: 1, …}
  return [(([1] + ~t) + []), ((a ? b) ? (b | "x") | !?(t, 0).k)]
g = { fn (q); return (q + 31) }
@contextmanager fn cm()
  at most one of
  - branch
    return g`);
  });

  it('takes a name that a function assigns for its own, whatever the file calls by it', async () => {
    const text = await lowered(
      python,
      `stub = 1
used = 2
def f(stub):
    stub = used
def g():
    global used
    used, stub = 3, 4
    def h():
        stub = 5
        nonlocal used
        used = 6`,
    );
    expect(text).toBe(`stub = 1
used = 2
fn f(stub)
  stub = used
fn g()
  let stub = ?()
  [used, stub] = [3, 4]
  fn h()
    let stub = ?()
    stub = 5
    used = 6`);
  });

  it('reads what has syntax errors', async () => {
    const text = `import market_pb2_grpc as pb
class A:
    def __init__(self, channel):
        self.stub = pb.ListingServiceStub(channel)
    def a(self):
        self.stub.GetListing(
    def b(self):
        return self.stub.CreateListing(1)
`;
    expect(await verdictsIn(python, text)).toContain('CreateListing missing');
  });

  it.each([
    ['"a\\tb\\x41\\u00e9"', 'a\tbA\u00e9'],
    ["r'\\d'", '\\d'],
    ['b"\\101"', 'A'],
    ['"""a\nb"""', 'a\nb'],
    ['1_000', 1000],
    ['0x_ff', 255],
    ['1e3', 1000],
  ])('reads %j', async (written, value) => {
    const text = await lowered(python, `x = ${written}`);
    expect(text).toBe(`x = ${JSON.stringify(value)}`);
  });
});

const start = 'import asyncio, functools, grpc, math, time\nimport market_pb2_grpc as pb\n';

/** `statements`, each on a line, in a function that has a stub and a channel. */
function inFunction(statements: string, parameters = ''): string {
  const body = statements.split('\n').map((line) => `    ${line}\n`);
  return `${start}async def f(stub: pb.ListingServiceStub, channel: grpc.Channel${parameters}):\n${body.join('')}`;
}

describe('Python calls', () => {
  it.each([
    ['stub.GetListing(r)', 'missing'],
    ['stub.GetListing(r, 5)', 'safe'],
    ['stub.GetListing(r, None)', 'missing'],
    ['stub.GetListing(r, timeout=x)', 'unknown'],
    ['stub.GetListing(*args)', 'unknown'],
    ['stub.GetListing(*args, timeout=1)', 'safe'],
    ['o = {"timeout": 1}\nstub.GetListing(r, **o)', 'safe'],
    ['o = {}\no["timeout"] = 1\nstub.GetListing(r, **o)', 'safe'],
    ['o = dict(metadata=m)\no.update(timeout=1)\nstub.GetListing(r, **o)', 'safe'],
    ['o = {}\no.setdefault("timeout", 1)\nstub.GetListing(r, **o)', 'safe'],
    ['o = {}\nif r:\n    o["timeout"] = 1\nstub.GetListing(r, **o)', 'missing'],
    ['o = other()\no.update(timeout=1)\nstub.GetListing(r, **o)', 'unknown'],
    ['t = None\ntry:\n    t = 1\nexcept E:\n    pass\nstub.GetListing(r, timeout=t)', 'missing'],
    ['for t in (1, 2):\n    stub.GetListing(r, timeout=t)', 'safe'],
    ['t = 1\nfor i in r:\n    stub.GetListing(r, timeout=t)\n    t = None', 'missing'],
    ['await asyncio.wait_for(stub.GetListing(r), 1)', 'safe'],
    ['await asyncio.wait_for(asyncio.gather(stub.GetListing(r)), timeout=1)', 'safe'],
    ['await asyncio.wait_for(stub.GetListing(r), None)', 'missing'],
    ['async with asyncio.timeout(1) as limit:\n    await stub.GetListing(r)', 'safe'],
    ['async with asyncio.timeout(None):\n    await stub.GetListing(r)', 'missing'],
    ['async with asyncio.timeout(1):\n    pass\nawait stub.GetListing(r)', 'missing'],
    ['g = functools.partial(stub.GetListing, timeout=1)\ng(r)', 'safe'],
    ['g = functools.partial(stub.GetListing, r)\ng(1)', 'safe'],
    ['g = functools.partial(stub.GetListing, r)\ng()', 'missing'],
    ['getattr(stub, "GetListing")(r)', 'missing'],
    ['loop.run_in_executor(None, stub.GetListing, r)', 'missing'],
    ['loop.run_in_executor(None, stub.GetListing, r, 5)', 'safe'],
    ['await asyncio.to_thread(stub.GetListing, r, timeout=1)', 'safe'],
    ['(lambda: stub.GetListing(r))()', 'missing'],
    ['stub = stub if r else None\nstub.GetListing(r)', 'missing'],
    ['stub = wrapped(stub)\nstub.GetListing(r)', undefined],
    ['stub.GetListing', undefined],
    ['stub._channel(r)', undefined],
  ])('%j', async (statements, verdict) => {
    const verdicts = await verdictsIn(python, inFunction(statements));
    expect(verdicts).toEqual(verdict === undefined ? [] : [`GetListing ${verdict}`]);
  });

  it.each([
    'pb.ListingServiceStub',
    '"pb.ListingServiceStub"',
    'Optional[pb.ListingServiceStub]',
    't.Union[pb.ListingServiceStub, None]',
    'pb.ListingServiceStub | None',
    'Annotated["pb.ListingServiceStub", Depends(get)]',
  ])('takes what is annotated %s for a stub', async (type) => {
    const text = `${start}def f(s: ${type}): s.GetListing(r)`;
    expect(await verdictsIn(python, text)).toEqual(['GetListing missing']);
  });

  it.each([
    'pb.ListingService',
    'list[pb.ListingServiceStub]',
    'Stub',
    'pb.ListingServiceStub | A',
  ])('takes what is annotated %s for nothing', async (type) => {
    const text = `${start}def f(s: ${type}): s.GetListing(r)`;
    expect(await verdictsIn(python, text)).toEqual([]);
  });

  it.each([
    ['channel', 'missing'],
    ['grpc.insecure_channel("m")', 'missing'],
    ['secure_authorized_channel(c, r, "m")', 'missing'],
    ['create_channel("m")', 'unknown'],
    ['pool.get_channel()', 'unknown'],
  ])('knows what the channel can do: %s', async (channel, verdict) => {
    const text = `import grpc
from company.rpc import create_channel
from google.auth.transport.grpc import secure_authorized_channel
from market_pb2_grpc import ListingServiceStub
def f(channel, pool):
    stub = ListingServiceStub(${channel})
    stub.GetListing(r)
    stub.GetListing(r, timeout=5)`;
    const verdicts = await verdictsIn(python, text);
    expect(verdicts).toEqual([`GetListing ${verdict}`, 'GetListing safe']);
  });

  it('knows who decides', async () => {
    const text = inFunction('stub.GetListing(r, timeout=t)', ', t=None');
    expect(await factsIn(python, text)).toMatchObject([
      { deadline: 'inherited', why: 'its timeout is a parameter', service: 'ListingService' },
    ]);
  });

  it('knows that an entry for the method decides over others in a service config', async () => {
    const config =
      '{"methodConfig":[{"name":[{}],"timeout":"1s"},{"name":[{"service":"market.v1.ListingService","method":"CreateListing"}]}]}';
    const text =
      inFunction(`c = grpc.insecure_channel("m", options=[("grpc.service_config", '${config}')])
s = pb.ListingServiceStub(c)
s.GetListing(r)
s.CreateListing(r)`);
    expect(await verdictsIn(python, text)).toEqual(['GetListing safe', 'CreateListing missing']);
  });

  it('heeds the names in frameline.json', async () => {
    const text = `import grpc
from company import bounded, MarketFacade, Policy
from market_pb2_grpc import ListingServiceStub
def f(facade: MarketFacade):
    facade.GetListing(r)
    facade.refresh()
    ListingServiceStub(bounded("m")).GetListing(r)
    ListingServiceStub(grpc.intercept_channel(grpc.insecure_channel("m"), Policy())).GetListing(r)
`;
    const context = marketContext({
      stubs: ['*Facade'],
      helpers: ['bounded'],
      interceptors: ['company.Policy'],
    });
    expect(await verdictsIn(python, text, context)).toEqual([
      'GetListing missing',
      'GetListing safe',
      'GetListing safe',
    ]);
  });

  it.each([
    ['timeout=0', 'leaves the call no time'],
    ['timeout=-1', 'is over before the call starts'],
    ['timeout=math.inf', 'overflows'],
    ['timeout=10000', '10000 is 2 h 47 min'],
    ['timeout=time.time() + 1', 'a point in time'],
    ['timeout=r.limit_ms', 'limit_ms says milliseconds'],
  ])('says what it makes of %s', async (argument, message) => {
    const facts = await factsIn(python, inFunction(`stub.GetListing(r, ${argument})`));
    expect(misreadIn(facts)).toContain(message);
    expect(facts.find(({ kind }) => kind === 'call')).toMatchObject({ deadline: 'safe' });
  });

  it.each(['timeout=3600', 'timeout=1000', 'timeout=r.items', 'timeout=time.time() - r.start'])(
    'says nothing of %s',
    async (argument) => {
      const facts = await factsIn(python, inFunction(`stub.GetListing(r, ${argument})`));
      expect(misreadIn(facts)).toBe('');
    },
  );
});

function misreadIn(facts: readonly Fact[]): string {
  return facts.flatMap((fact) => (fact.kind === 'misread' ? [fact.message] : [])).join();
}

describe('Python interceptors', () => {
  const verdict = async (body: string, parents = 'grpc.UnaryUnaryClientInterceptor') =>
    verdictsIn(
      python,
      `${start}class Given(${parents}):
    def intercept_unary_unary(self, continuation, details, request):
        ${body}
stub = pb.ListingServiceStub(grpc.intercept_channel(grpc.insecure_channel("m"), Given()))
stub.GetListing(r)
stub.SearchListings(r)`,
    );

  it.each([
    'details = details._replace(timeout=5)',
    'details = Details(details.method, 5, details.metadata)',
    'details.timeout = self.timeout',
    'details = details._replace(timeout=details.timeout or 5)',
  ])('finds the timeout in: %s', async (body) => {
    expect(await verdict(body)).toEqual(['GetListing safe', 'SearchListings missing']);
    const parents = 'grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor';
    expect(await verdict(body, parents)).toEqual(['GetListing safe', 'SearchListings safe']);
  });

  it.each([
    'details = details._replace(metadata=m)',
    'details = Details(details.method, details.timeout, m)',
    'details.timeout = old.timeout',
    'details = Details(method=details.method, timeout=details.timeout, metadata=m)',
  ])('finds none in: %s', async (body) => {
    expect(await verdict(body)).toEqual(['GetListing missing', 'SearchListings missing']);
  });
});

describe('Python channels', () => {
  const channel = async (text: string) =>
    (await factsIn(python, start + text)).find(
      (fact): fact is ChannelFact => fact.kind === 'channel',
    );

  it('reads keepalive, policy and address', async () => {
    const text = `channel = grpc.insecure_channel("dns:///market:443", [
    ("grpc.keepalive_time_ms", 20 * 1000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.lb_policy_name", "round_robin"),
])`;
    expect(await channel(text)).toMatchObject({
      implementation: 'grpc-core',
      what: 'channel',
      target: 'dns:///market:443',
      keepalive: { time: 20_000, withoutCalls: true },
      policy: 'round_robin',
      isOpen: false,
      place: 'module',
    });
  });

  it('follows a list that is filled', async () => {
    const text = `options = []
options.append(("grpc.keepalive_time_ms", 20000))
options.extend(more)
options += [("grpc.lb_policy_name", "pick_first")]
channel = grpc.insecure_channel("m", options)`;
    expect(await channel(text)).toMatchObject({
      keepalive: { time: 20_000 },
      policy: 'pick_first',
      isOpen: true,
    });
  });

  const made = 'c = grpc.insecure_channel("m")';
  it.each([
    [`@app.get("/x")\ndef f():\n    ${made}`, 'handler'],
    [`@cache.get("key")\ndef f():\n    ${made}`, 'function'],
    [`class A(View):\n    def get(self, request):\n        ${made}`, 'handler'],
    [`class A(View):\n    def setup(self):\n        ${made}`, 'function'],
    [`class A(S.XServicer):\n    def Get(self, request, context):\n        ${made}`, 'handler'],
    [
      `class A(S.XServicer):\n    def Get(self, request, context):\n        self.${made}`,
      'function',
    ],
    [`class A(S.XServicer):\n    def __init__(self, context):\n        ${made}`, 'function'],
    [`@app.get("/x")\ndef f():\n    global c\n    ${made}`, 'function'],
    [`@app.get("/x")\ndef f():\n    g.${made}`, 'handler'],
    [`def handler(event, context):\n    ${made}`, 'handler'],
    [`for i in r:\n    ${made}`, 'loop'],
  ])('knows where it is made: %j', async (text, place) => {
    expect((await channel(text))?.place).toBe(place);
  });
});
