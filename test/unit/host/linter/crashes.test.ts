import { describe, expect, it } from 'vitest';
import { Crashes } from '../../../../src/host/linter/crashes';

const minute = 60_000;

describe('Crashes', () => {
  it('starts again, and says so once', () => {
    const crashes = new Crashes();
    expect(crashes.next(0)).toEqual({ restart: true, isFirst: true });
    expect(crashes.next(10 * minute)).toEqual({ restart: true, isFirst: false });
  });

  it('gives up at the fifth within three minutes', () => {
    const crashes = new Crashes();
    const restarts = [0, 1, 2, 3, 4].map((second) => crashes.next(second * 1000).restart);
    expect(restarts).toEqual([true, true, true, true, false]);
  });

  it('goes on for ever when they are rare', () => {
    const crashes = new Crashes();
    for (let count = 0; count < 50; count++) {
      expect(crashes.next(count * minute).restart).toBe(true);
    }
  });
});
