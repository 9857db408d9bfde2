import { describe, expect, it } from 'vitest';
import type { ChannelFact, Fact } from '../../../../src/lint/facts';
import { ruby } from '../../../../src/lint/languages/ruby';
import { factsIn, lowered, marketContext, verdictsIn } from '../../../tools/lintSnippet';

describe('lowering Ruby', () => {
  it('keeps what runs, in its order', async () => {
    const text = await lowered(
      ruby,
      `module A
  class B < C::D
    include E::F
    X = 1
    attr_reader :stub
    def initialize(a, b = X, *rest, c:, **opts, &blk)
      @a ||= a
      self.x = 5
      d = opts[:k] || e
      d.f(1, g: 2, 'h' => 3, **opts, &blk)
      d.i j do |k, (l, m)|
        next k if l
      end
    end
    def self.build(...) = new
    class << self
      def q = X
    end
    private
    def e
      return A::B::X, C::X if stub
      unless @a then raise 'x' end
    rescue Y => z
      z.w
    ensure
      stub
    end
  end
end
$g = nil
p, *q = [1, *r, :s]
t = if p then 1 elsif q then 2 else case p when 1, 2 then 3 end end
u = p rescue 'x'
while p do break end
for v in q do v.() end
w = ->(x) { x + 0b11 }
y ||= { 'a': 1, b:, c => 2, **t }
puts "a#{y}b", 'c\\'d', "\\u0041", <<~EOS
  text
EOS
begin
  1
end
def z(n) = n ? -1 : !n`,
    );
    expect(text).toBe(`let $g
class A
  class B < C::D < E::F
    static field  = { include(E::F) }
    static field X = 1
    @private fn stub() of self
      return self.@stub
    constructor initialize(a, b = B.X, ...rest, c, ...opts, ...blk) of self
      self.@a = a
      self.x = 5
      d = (opts.k | self.e())
      d.f(1, g: 2, h: 3, ...~opts, ~blk)
      return d.i(j(), { fn (k, ...l, ...m); if l; return k })
    @static fn build() of self
      return self.new()
    @static fn q() of self
      return B.X
    @private fn e() of self
      try
        if self.stub()
          return [B.X, C::X]
        if self.@a
        else
          leave raise("x")
      catch
        return z.w()
      finally
        self.stub()
$g = null
[p, _()] = (([1] + ~r()) + ["s"])
t = (p ? 1 | (q ? 2 | (p ? 3)))
u = (?() ? p | "x")
loop in
  p
  leave ?()
loop v in q
  v.call()
w = { fn (x); return (x + 3) }
y = (y | {...?(2), ...~t, a: 1, b: b(), …})
puts(?(y), "c'd", "A", "\\n  text\\n")
1
fn z(n) of self
  return (n ? -1 | ?(n))`);
  });

  it('tells local variables from methods, and those of the file from those of a method', async () => {
    const text = await lowered(
      ruby,
      `stub = 1
used = stub
def f
  stub
  stub = used
  stub
end
class A
  def used = 1
  def g = used
  def h = other
end`,
    );
    expect(text).toBe(`stub = 1
used = stub
fn f() of self
  let stub = ?()
  stub()
  stub = used()
  return stub
class A
  fn used() of self
    return 1
  fn g() of self
    return self.used()
  fn h() of self
    return other()`);
  });

  it('reads what has syntax errors', async () => {
    const text = `stub = Market::V1::ListingService::Stub.new('m', :this_channel_is_insecure)
stub.get_listing(1)
def x(
`;
    expect(await verdictsIn(ruby, text)).toContain('get_listing missing');
  });

  it.each([
    ['"a\\tb\\x41\\u{e9}"', 'a\tbA\u00e9'],
    ["'a\\tb\\'c'", "a\\tb'c"],
    [':sym', 'sym'],
    [':"two words"', 'two words'],
    ['"a" "b"', 'ab'],
    ['1_000', 1000],
    ['0b11', 3],
    ['017', 15],
    ['1.5e3', 1500],
  ])('reads %j', async (written, value) => {
    const text = await lowered(ruby, `x = ${written}`);
    expect(text).toBe(`x = ${JSON.stringify(value)}`);
  });
});

const start = `stub = Market::V1::ListingService::Stub.new('market:50051', :this_channel_is_insecure)
`;

describe('Ruby calls', () => {
  it.each([
    ['stub.get_listing(r)', 'missing'],
    ['stub.get_listing r', 'missing'],
    ['stub&.get_listing(r)', 'missing'],
    ['stub.get_listing(r, deadline: Time.now + 1)', 'safe'],
    ['stub.get_listing(r, { deadline: Time.now + 1 })', 'safe'],
    ['stub.get_listing(r, options)', 'unknown'],
    ['stub.get_listing(r, **options)', 'unknown'],
    ['stub.get_listing(r, deadline: deadline)', 'unknown'],
    ['stub.get_listing(r, deadline: nil)', 'missing'],
    ['stub.get_listing(r, parent: call)', 'inherited'],
    ['stub.get_listing(r, parent: nil)', 'missing'],
    ['o = {}\no[:deadline] = Time.now + 1\nstub.get_listing(r, **o)', 'safe'],
    ['o = { metadata: m }.merge(deadline: Time.now + 1)\nstub.get_listing(r, o)', 'safe'],
    ['d = nil\nd = Time.now + 1 if r\nstub.get_listing(r, deadline: d)', 'missing'],
    [
      'd = case r when 1 then Time.now + 1 else Time.now + 2 end\nstub.get_listing(r, deadline: d)',
      'safe',
    ],
    ['d = begin Time.now + 1 end\nstub.get_listing(r, deadline: d)', 'safe'],
    ['[1, 2].each { |s| stub.get_listing(r, deadline: Time.now + s) }', 'safe'],
    ['Timeout.timeout(5) { stub.get_listing(r) }', 'safe'],
    ['Timeout.timeout(nil) { stub.get_listing(r) }', 'missing'],
    ['stub.send(:get_listing, r)', 'missing'],
    ['stub.public_send(:get_listing, r, deadline: Time.now + 1)', 'safe'],
    ['stub.tap { |s| s.get_listing(r) }', 'missing'],
    ['[stub].each { |s| s.get_listing(r) }', 'missing'],
    ['f = -> { stub.get_listing(r) }\nf.call', 'missing'],
    ['stub = Wrapper.new(stub)\nstub.get_listing(r)', undefined],
    ['stub.respond_to?(:get_listing)', undefined],
    ['stub.get_something(r)', undefined],
    ['stub.public_send(name, r)', undefined],
  ])('%j', async (statements, verdict) => {
    const verdicts = await verdictsIn(ruby, start + statements);
    expect(verdicts).toEqual(verdict === undefined ? [] : [`get_listing ${verdict}`]);
  });

  it.each([
    ['timeout: 5', 'safe'],
    ['timeout: 5.seconds', 'safe'],
    ['timeout: nil', 'missing'],
    ['timeout: -1', 'missing'],
    ['timeout: GRPC::Core::TimeConsts::INFINITE_FUTURE', 'missing'],
    ['timeout: limit', 'unknown'],
    ['**options', 'unknown'],
    ['interceptors: [Logging.new]', 'missing'],
  ])('heeds the stub: %s', async (option, verdict) => {
    const text = `s = A::PriceService::Stub.new('m', :this_channel_is_insecure, ${option})
s.check_price(r)
s.check_price(r, deadline: nil)
s.check_price(r, deadline: GRPC::Core::TimeConsts::INFINITE_FUTURE)`;
    expect(await verdictsIn(ruby, text)).toEqual([
      `check_price ${verdict}`,
      `check_price ${verdict}`,
      'check_price missing',
    ]);
  });

  it('takes a class called Stub for one where the credentials or what is required show it', async () => {
    const stub = (first: string, credentials: string) => `${first}
A::Greeter::Stub.new('m', ${credentials}).say_hello(r)`;
    expect(await verdictsIn(ruby, stub('', ':this_channel_is_insecure'))).toHaveLength(1);
    expect(await verdictsIn(ruby, stub("require 'a_services_pb'", 'credentials'))).toHaveLength(1);
    expect(await verdictsIn(ruby, stub('# gRPC', 'credentials'))).toEqual([]);
  });

  it('heeds the names in frameline.json', async () => {
    const text = `Company::MarketFacade.new('m').get_listing(r)
Company::MarketFacade.new('m').refresh
bounded.get_listing(r)
A::ListingService::Stub.new('m', c, interceptors: [Company::Policy.new]).get_listing(r)`;
    const context = marketContext({
      stubs: ['*Facade'],
      helpers: ['bounded'],
      interceptors: ['Policy'],
    });
    expect(await verdictsIn(ruby, text, context)).toEqual([
      'get_listing missing',
      'get_listing safe',
    ]);
  });

  it.each([
    ['deadline: 5', '5 is 5 s after 1970'],
    ['deadline: Time.now', 'The deadline is now'],
    ['deadline: 5.seconds', 'with a Duration'],
    ['deadline: 5.seconds.from_now', 'TimeWithZone'],
    ['deadline: Time.zone.now + 5', 'TimeWithZone'],
    ['deadline: Process.clock_gettime(Process::CLOCK_MONOTONIC) + 5', 'the monotonic clock'],
    ['deadline: true', 'raises TypeError'],
  ])('says what it makes of %s', async (argument, message) => {
    const facts = await factsIn(ruby, `${start}stub.get_listing(r, ${argument})`);
    expect(misreadIn(facts)).toContain(message);
  });

  it.each([
    'deadline: Time.now + 5000',
    'deadline: 1_700_000_000',
    'deadline: 5.seconds.from_now.to_time',
    'deadline: Time.now.to_f + 5',
    'deadline: Time.zone.now.to_f + 5',
  ])('says nothing of %s', async (argument) => {
    const facts = await factsIn(ruby, `${start}stub.get_listing(r, ${argument})`);
    expect(misreadIn(facts)).toBe('');
  });
});

function misreadIn(facts: readonly Fact[]): string {
  return facts.flatMap((fact) => (fact.kind === 'misread' ? [fact.message] : [])).join();
}

describe('Ruby channels', () => {
  const channel = async (text: string) =>
    (await factsIn(ruby, text)).find((fact): fact is ChannelFact => fact.kind === 'channel');
  const made = "A::ListingService::Stub.new('m', :this_channel_is_insecure)";

  it('reads keepalive, policy and address', async () => {
    const text = `A::ListingService::Stub.new('dns:///market:443', :this_channel_is_insecure,
  channel_args: { 'grpc.keepalive_time_ms' => 20_000, 'grpc.keepalive_permit_without_calls': 1,
    'grpc.service_config' => <<~JSON, OTHER => 1 })
  { "loadBalancingConfig": [{ "round_robin": {} }] }
JSON
`;
    expect(await channel(text)).toMatchObject({
      implementation: 'grpc-core',
      what: 'client',
      target: 'dns:///market:443',
      keepalive: { time: 20_000, withoutCalls: true },
      policy: 'round_robin',
      isOpen: true,
      place: 'module',
    });
  });

  it('makes none over a channel that is there', async () => {
    const text = `${made.slice(0, -1)}, channel_override: channel)`;
    expect(await channel(text)).toBeUndefined();
  });

  it.each([
    [`class A < ApplicationController\n  def show\n    x = ${made}\n  end\nend`, 'handler'],
    [`class A < ApplicationController\n  def show = @@x ||= ${made}\nend`, 'function'],
    [`class A < ApplicationController\n  def self.x = @x ||= ${made}\nend`, 'function'],
    [`class A < B::C::Service\n  def get(r, call) = @x ||= ${made}\nend`, 'function'],
    [`class A < B::C::Service\n  def get(r, call)\n    ${made}.x\n  end\nend`, 'handler'],
    [`class A\n  include Sidekiq::Job\n  def perform = ${made}\nend`, 'handler'],
    [`post '/x' do\n  ${made}\nend`, 'handler'],
    [`get 'x' do\n  ${made}\nend`, 'function'],
    [`3.times { ${made} }`, 'loop'],
  ])('knows where it is made: %j', async (text, place) => {
    expect((await channel(text))?.place).toBe(place);
  });
});
