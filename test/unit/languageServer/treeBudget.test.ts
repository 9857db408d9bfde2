import { describe, expect, it } from 'vitest';
import { TreeBudget } from '../../../src/languageServer/treeBudget';

class Holder {
  hasTree = true;

  constructor(readonly text: string) {}

  release(): void {
    this.hasTree = false;
  }
}

describe('TreeBudget', () => {
  it('takes the trees that were not used for the longest time', () => {
    const budget = new TreeBudget<Holder>(10);
    const [a, b, c] = ['aaaa', 'bbbb', 'cccc'].map((text) => new Holder(text)) as [
      Holder,
      Holder,
      Holder,
    ];
    budget.use(a);
    budget.use(b);
    budget.use(a);
    budget.use(c);
    expect([a, b, c].map(({ hasTree }) => hasTree)).toEqual([true, false, true]);
  });

  it('keeps the one that is used, however long it is', () => {
    const budget = new TreeBudget<Holder>(3);
    const long = new Holder('long');
    budget.use(long);
    expect(long.hasTree).toBe(true);
    budget.use(new Holder('x'));
    expect(long.hasTree).toBe(false);
  });
});
