import { describe, expect, it } from 'vitest';
import type { Expression, Target } from '../../../src/lint/program/syntax';
import {
  call,
  closure,
  deadlinesOf,
  declare,
  factsOf,
  fn,
  give,
  loop,
  member,
  name,
  nothing,
  run,
  set,
  target,
  when,
} from '../../tools/programs';

/** One function with a variable `c` that has a deadline at its start. */
const callAfter = (...body: Parameters<typeof fn>[1]) =>
  deadlinesOf(fn('f', [declare('c', call('safe')), ...body, run(call('call', name('c')))]));

describe('what is known of a variable', () => {
  it('is what was assigned last', () => {
    expect(callAfter()).toEqual(['safe']);
    expect(callAfter(set('c', call('none')))).toEqual(['missing']);
    expect(callAfter(set('c', call('somebody')))).toEqual(['unknown']);
  });

  it('is the worst of the ways to it', () => {
    expect(callAfter(when([set('c', call('none'))]))).toEqual(['missing']);
    expect(callAfter(when([set('c', call('safe'))], [set('c', call('safe'))]))).toEqual(['safe']);
    expect(callAfter(when([set('c', call('safe'))], [set('c', call('somebody'))]))).toEqual([
      'unknown',
    ]);
  });

  it('does not come from a way that leaves the function', () => {
    expect(callAfter(when([set('c', call('none')), give(nothing())]))).toEqual(['safe']);
    expect(
      callAfter(when([set('c', call('none')), { kind: 'leave', span: { from: 0, to: 0 } }])),
    ).toEqual(['safe']);
  });

  it('is not that of an inner variable with the same name', () => {
    expect(callAfter(when([declare('c', call('none'))]))).toEqual(['safe']);
  });

  it('counts what a loop did the time before', () => {
    const facts = deadlinesOf(
      fn('f', [
        declare('c', call('safe')),
        loop(run(call('call', name('c'))), set('c', call('none'))),
      ]),
    );
    expect(facts).toEqual(['missing']);
  });

  it('counts what a loop did before it was left', () => {
    const leave = { kind: 'leave', span: { from: 0, to: 0 } } as const;
    expect(callAfter(loop(when([set('c', call('none')), leave])))).toEqual(['missing']);
  });

  it('after try counts what the body did before it failed', () => {
    const body = [set('c', call('none'))];
    const mend = [set('c', call('safe'))];
    const attempt = (handler: typeof body) =>
      ({
        kind: 'try',
        body,
        handlers: [handler],
        last: [],
        span: { from: 0, to: 0 },
      }) as const;
    expect(callAfter(attempt(mend))).toEqual(['missing']);
    expect(callAfter(attempt([]), set('c', call('safe')))).toEqual(['safe']);
  });

  it('may be changed by a closure', () => {
    expect(callAfter(run(call('later', closure(set('c', call('none'))))))).toEqual(['missing']);
  });

  it('is seen inside a closure', () => {
    const inside = closure(run(call('call', name('c'))));
    expect(deadlinesOf(fn('f', [declare('c', call('safe')), run(call('go', inside))]))).toEqual([
      'safe',
    ]);
  });

  it('is seen in a function that stands in this one, with what is assigned below it', () => {
    const inner = fn('inner', [run(call('call', name('c')))]);
    expect(
      deadlinesOf(
        fn('f', [
          { kind: 'define', definition: inner, span: inner.span },
          declare('c', call('safe')),
        ]),
      ),
    ).toEqual(['safe']);
  });
});

describe('a function of the file', () => {
  it('gives what it returns', () => {
    const make = fn('make', [give(call('none'))]);
    expect(deadlinesOf(make, fn('f', [run(call('call', call('make')))]))).toEqual(['missing']);
  });

  it('gives the worst of what it returns', () => {
    const make = fn('make', [when([give(call('none'))]), give(call('safe'))]);
    expect(deadlinesOf(make, fn('f', [run(call('call', call('make')))]))).toEqual(['missing']);
  });

  it('gives what it was called with', () => {
    const same = fn('same', [give(name('x'))], { takes: ['x'] });
    expect(deadlinesOf(same, fn('f', [run(call('call', call('same', call('none'))))]))).toEqual([
      'missing',
    ]);
  });

  it('that calls itself ends', () => {
    const again = fn('again', [give(call('again'))]);
    expect(deadlinesOf(again, fn('f', [run(call('call', call('again')))]))).toEqual(['unknown']);
  });

  it('knows its parameters by their types', () => {
    const parameters = [{ name: 'c', type: 'Context', span: { from: 0, to: 0 } }];
    expect(deadlinesOf(fn('f', [run(call('call', name('c')))], { parameters }))).toEqual([
      'inherited',
    ]);
  });
});

describe('an argument that a call can change', () => {
  const parameter = { name: 'p', span: { from: 0, to: 0 } };
  const prepare = (isReference: boolean) =>
    fn('prepare', [set('p', call('safe'))], { parameters: [{ ...parameter, isReference }] });

  it('is what a function of the file leaves in a reference', () => {
    const caller = () =>
      fn('f', [
        declare('c', call('none')),
        run(call('prepare', name('c'))),
        run(call('call', name('c'))),
      ]);
    expect(deadlinesOf(prepare(true), caller())).toEqual(['safe']);
    expect(deadlinesOf(prepare(false), caller())).toEqual(['missing']);
  });

  it('is what the adapter says of any other call', () => {
    const caller = fn('f', [
      declare('c', call('safe')),
      run(call('spoil', name('c'))),
      run(call('call', name('c'))),
    ]);
    expect(deadlinesOf(caller)).toEqual(['missing']);
  });

  it('is left alone in a circle', () => {
    const again = fn('prepare', [run(call('prepare', name('p')))], {
      parameters: [{ ...parameter, isReference: true }],
    });
    const caller = fn('f', [
      declare('c', call('none')),
      run(call('prepare', name('c'))),
      run(call('call', name('c'))),
    ]);
    expect(deadlinesOf(again, caller)).toEqual(['missing']);
  });
});

describe('what was made and not used', () => {
  const discarded = (...body: Parameters<typeof fn>[1]) =>
    factsOf(fn('f', body)).filter(({ kind }) => kind === 'discarded').length;

  it('is reported when nobody reads it', () => {
    expect(discarded(declare('c', call('safe')))).toBe(1);
    expect(discarded(run(call('safe')))).toBe(1);
    expect(
      discarded(set({ kind: 'ignored', parts: [], span: { from: 0, to: 0 } }, call('safe'))),
    ).toBe(1);
  });

  it('is not reported when it is read, passed on, returned or kept', () => {
    expect(discarded(declare('c', call('safe')), run(call('call', name('c'))))).toBe(0);
    expect(discarded(run(call('call', call('safe'))))).toBe(0);
    expect(discarded(give(call('safe')))).toBe(0);
    expect(
      discarded(
        set(
          { kind: 'member', object: name('x'), name: 'y', span: { from: 0, to: 0 } },
          call('safe'),
        ),
      ),
    ).toBe(0);
    expect(
      discarded(declare('c', call('safe')), run(call('go', closure(run(call('call', name('c'))))))),
    ).toBe(0);
  });

  it('is not reported when it is one of several values, and kept', () => {
    const kept: Target = {
      kind: 'member',
      object: name('x'),
      name: 'y',
      span: { from: 0, to: 0 },
    };
    const items = [kept, target('z')];
    expect(
      discarded(
        set(
          { kind: 'list', items, span: { from: 0, to: 0 } },
          { kind: 'same', value: call('both'), span: { from: 0, to: 0 } },
        ),
      ),
    ).toBe(0);
  });

  it('is not reported when it was made on some of the ways to where it is read', () => {
    const onOneWay = [declare('c', call('none')), when([set('c', call('safe'))])];
    expect(discarded(...onOneWay, run(call('call', name('c'))))).toBe(0);
    expect(discarded(...onOneWay)).toBe(1);
    const onBoth = when([set('c', call('safe'))], [set('c', call('safe'))]);
    expect(discarded(declare('c', call('none')), onBoth, run(call('call', name('c'))))).toBe(0);
  });
});

describe('members', () => {
  it('of an object that was just assigned are known', () => {
    expect(
      deadlinesOf(
        fn('f', [
          declare('o', call('somebody')),
          set(
            { kind: 'member', object: name('o'), name: 'c', span: { from: 0, to: 0 } },
            call('none'),
          ),
          run(call('call', member(name('o'), 'c'))),
        ]),
      ),
    ).toEqual(['missing']);
  });

  it('are forgotten with the object', () => {
    expect(
      deadlinesOf(
        fn('f', [
          declare('o', call('somebody')),
          set(
            { kind: 'member', object: name('o'), name: 'c', span: { from: 0, to: 0 } },
            call('none'),
          ),
          set('o', call('somebody')),
          run(call('call', member(name('o'), 'c'))),
        ]),
      ),
    ).toEqual(['unknown']);
  });

  const list = (...items: Expression[]): Expression => ({
    kind: 'list',
    items,
    span: { from: 0, to: 0 },
  });
  const both = {
    kind: 'list',
    items: [target('a'), target('b')],
    span: { from: 0, to: 0 },
  } as const;

  it('of several values are taken apart', () => {
    expect(
      deadlinesOf(
        fn('f', [
          set(both, list(call('safe'), call('none')), true),
          run(call('call', name('a'))),
          run(call('call', name('b'))),
        ]),
      ),
    ).toEqual(['safe', 'missing']);
  });

  it('of several values are taken apart on each way to them', () => {
    const make = fn('make', [
      when([give(list(call('none'), call('safe')))]),
      give(list(call('safe'), call('safe'))),
    ]);
    expect(
      deadlinesOf(
        make,
        fn('f', [
          set(both, call('make'), true),
          run(call('call', name('a'))),
          run(call('call', name('b'))),
        ]),
      ),
    ).toEqual(['missing', 'safe']);
  });
});

describe('variables of the file', () => {
  const once = (statement: ReturnType<typeof declare>) =>
    ({ kind: 'statement', statement }) as const;

  it('have what a function of the file gives, with the variables that were set before', () => {
    expect(
      deadlinesOf(
        once(declare('none', call('none'))),
        fn('make', [give(name('none'))]),
        once(declare('c', call('make'))),
        fn('f', [run(call('call', name('c')))]),
      ),
    ).toEqual(['missing']);
  });

  it('are known in functions that the file calls before it sets them', () => {
    expect(
      deadlinesOf(
        once(run(call('register', closure(run(call('call', call('get'))))))),
        once(declare('c', call('none'))),
        fn('get', [give(name('c'))]),
      ),
    ).toEqual(['missing']);
  });
});
