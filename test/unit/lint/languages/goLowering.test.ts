import { describe, expect, it } from 'vitest';
import { go } from '../../../../src/lint/languages/go';
import { lowered } from '../../../tools/lintSnippet';

describe('lowering Go', () => {
  it('knows packages by their names, and types by what they hold', async () => {
    const text = await lowered(
      go,
      `package market
import "context"
import (
	pb "example.com/gen/market"
	"example.com/gen/prices/v1"
	"github.com/redis/go-redis/v9"
	. "fmt"
	_ "embed"
)
type (
	Server struct {
		pb.UnimplementedListingServiceServer
		a, b *pb.X // two
	}
	Alias = pb.X
)
func (s *Server[T]) Get(ctx context.Context, a, b int, rest ...string) (x *pb.X, err error) {
	return
}
func plain[T any](int) {}
`,
    );
    expect(text).toBe(`import v1 = example.com/gen/prices/v1
import pricesv1 = example.com/gen/prices/v1
import pricespb = example.com/gen/prices/v1
import v9 = github.com/redis/go-redis/v9
import redisv9 = github.com/redis/go-redis/v9
import redispb = github.com/redis/go-redis/v9
import context = context
import pb = example.com/gen/market
import prices = example.com/gen/prices/v1
import redis = github.com/redis/go-redis/v9
import * = fmt
class Server < pb.UnimplementedListingServiceServer
  field UnimplementedListingServiceServer: pb.UnimplementedListingServiceServer
  field a: *pb.X
  field b: *pb.X
fn Server.Get(ctx: context.Context, a: int, b: int, ...rest: []string): (x *pb.X, err error) of s
  let x: *pb.X
  let err: error
  return [x, err]
fn plain(: int)`);
  });

  it('keeps the ways that a program can take', async () => {
    const text = await lowered(
      go,
      `package p
func f() {
	if x, ok := g(); ok { a() } else if b { c() } else { d() }
	for i := 0; i < 3; i++ { if i == 1 { continue }; a(i) }
	for _, v := range xs { break }
	for k, v := range m { use(k, v) }
	for range 3 {}
	switch q := h(); q { case 1, 2: a(); break; default: b() }
	switch v := x.(type) { case int: use(v) }
	select { case v, ok := <-ch: use(v, ok); case ch <- a(): default: }
	out: for { break out }
	go a(1)
	defer func() { b() }()
	{ c() }
	panic(d())
}
`,
    );
    expect(text).toBe(`fn f()
  block
    let [x, ok] = g()
    if ok
      a()
    else
      if b
        c()
      else
        d()
  block
    let i = 0
    loop in (i < 3)
      if (i == 1)
        leave
      a(i)
      i = ?()
  loop v in xs
    leave
  loop v in m
    use(k, v)
  loop in 3
  block
    let q = h()
    one of q
    - branch
      ?(1, 2)
      a()
    - branch
      b()
  block
    let v = ?()
    at most one of x
    - branch
      use(v)
  one of
  - branch
    let [v, ok] = ?(ch)
    use(v, ok)
  - branch
    ?(ch, a())
  - branch
  loop in
    leave
  a(1)
  { fn (); b() }()
  block
    c()
  leave panic(d())`);
  });

  it('reads values as the language does', async () => {
    const text = await lowered(
      go,
      `package p
const a, b = 0x1F, "x\\ty\\u00e9"
const (
	c = iota
	d
)
var e T = 1_000
func f() {
	x := []*pb.X{{A: 1}, nil}
	y := map[string]T{"k": {B: 2}, other: {}}
	z := &keepalive.P{Time: 5 * time.Second}
	e = T{1, 2}
	e += 017
	clients[i].Get(opts...)
	s.a, _ = x.(pb.C), new(T)
	w := -1 << 3
	*p, q[0] = f[int](1), (x)
	go func(ctx context.Context, n int) {}(ctx, 1)
}
`,
    );
    expect(text).toBe(`let [a, b] = [31, "x\\tyé"]
let c = ?()
let d = ?()
let e: T = 1000
fn f()
  let x = [pb.X{A: 1}, null]
  let y = {...other, ...T{}, k: T{B: 2}, …}
  let z = &keepalive.P{Time: (5 * time.Second)}
  e = T{...1, ...2, …}
  e = (e + 15)
  clients.[](i).Get(...opts)
  [s.a, _()] = [.(type)<pb.C>(x), T{}]
  let w = (-1 << 3)
  [_(*p), _(q, 0)] = [f(1), ~x]
  { fn (ctx = ctx, n: int = 1) }(ctx, 1)`);
  });

  it('reads on over what is not finished', async () => {
    const text = await lowered(
      go,
      'package p\nfunc f(client C) {\n\tctx := context.\n\tclient.Get(ctx,\n}\nfunc g() { h() }\n',
    );
    expect(text).toContain('fn f(client: C)');
  });
});
