import { describe, expect, it } from 'vitest';
import { Expansion } from '../../../src/host/explorer/expansion';
import type { NodeLook } from '../../../src/host/explorer/nodeLook';

function memento(): ConstructorParameters<typeof Expansion>[0] {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, fallback?: T) => (values.get(key) ?? fallback) as T,
    update: async (key: string, value: unknown) => {
      values.set(key, JSON.parse(JSON.stringify(value)));
    },
  };
}

const look = (id: string, collapsible: NodeLook['collapsible']): NodeLook => ({
  id,
  label: id,
  tooltip: id,
  icon: 'lock',
  collapsible,
  spoken: id,
});

describe('Expansion', () => {
  it('survives a reload and leaves other nodes as they are', () => {
    const storage = memento();
    const before = new Expansion(storage);
    before.set('a', true);
    before.set('b', false);
    before.set('leaf', true);
    const after = new Expansion(storage);
    expect(after.apply(look('a', 'collapsed')).collapsible).toBe('expanded');
    expect(after.apply(look('b', 'expanded')).collapsible).toBe('collapsed');
    expect(after.apply(look('c', 'collapsed')).collapsible).toBe('collapsed');
    expect(after.apply(look('leaf', 'none')).collapsible).toBe('none');
  });

  it('forgets the oldest nodes past its limit', () => {
    const storage = memento();
    const expansion = new Expansion(storage);
    for (let index = 0; index < 600; index++) {
      expansion.set(`node ${index}`, true);
    }
    expect(expansion.apply(look('node 0', 'collapsed')).collapsible).toBe('collapsed');
    expect(expansion.apply(look('node 599', 'collapsed')).collapsible).toBe('expanded');
  });

  it('takes nothing from what an earlier version may have stored', async () => {
    const storage = memento();
    await storage.update('explorer.expansion', [['a', 'yes'], null, 7, [1, true]]);
    expect(new Expansion(storage).apply(look('a', 'collapsed')).collapsible).toBe('collapsed');
  });
});
