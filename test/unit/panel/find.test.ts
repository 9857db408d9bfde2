import { describe, expect, it } from 'vitest';
import { type FindQuery, type FindSource, findRow } from '../../../src/panel/find';
import { rowSource } from '../../../src/panel/rowSource';
import type { Transcript } from '../../../src/transcript/transcript';
import { Conversation, ordinaryCall, schema, types } from './conversation';

function sourceOf(transcript: Transcript): FindSource {
  return { transcript, schema, types, ...rowSource(transcript, schema, types) };
}

const query = (change: Partial<FindQuery>): FindQuery => ({
  view: 'messages',
  text: '',
  from: 0,
  backwards: false,
  ...change,
});

describe('findRow', () => {
  it('finds forwards and backwards, whatever the case, in messages, headers and frames', async () => {
    const { transcript } = ordinaryCall();
    const source = sourceOf(transcript);
    const find = async (change: Partial<FindQuery>): Promise<number> =>
      (await findRow(query(change), source)).row;
    expect(await find({ text: 'LAMP' })).toBe(1);
    expect(await find({ text: 'lamp', from: 2 })).toBe(3);
    expect(await find({ text: 'lamp', from: 6, backwards: true })).toBe(4);
    expect(await find({ text: 'Bearer top' })).toBe(0);
    expect(await find({ text: 'trace-bin: AQID' })).toBe(5);
    expect(await find({ text: 'no such thing' })).toBe(-1);
    expect(await find({ text: 'max_concurrent', view: 'frames' })).toBe(1);
    expect(await find({ text: 'round trip', view: 'frames' })).toBe(14);
    transcript.dispose();
  });

  it('takes a row outside the transcript as its end', async () => {
    const { transcript } = ordinaryCall();
    const source = sourceOf(transcript);
    expect(await findRow(query({ text: 'ok', from: 9999, backwards: true }), source)).toEqual({
      row: 6,
      complete: true,
      searchedTo: 6,
    });
    expect((await findRow(query({ text: 'lamp', from: -5 }), source)).row).toBe(1);
    transcript.dispose();
    const empty = new Conversation();
    expect(await findRow(query({ text: 'x' }), sourceOf(empty.transcript))).toEqual({
      row: -1,
      complete: true,
      searchedTo: 0,
    });
    empty.transcript.dispose();
  });

  it('searches the text in the bytes of a message that can not be decoded', async () => {
    const { transcript } = new Conversation().message(
      'received',
      Buffer.from('\u00ff\u00fe needle', 'utf8'),
    );
    expect((await findRow(query({ text: 'NEEDLE' }), sourceOf(transcript))).row).toBe(0);
    transcript.dispose();
  });

  it('stops when it is cancelled, and other work takes its turn meanwhile', async () => {
    const conversation = new Conversation();
    for (let index = 0; index < 60_000; index++) {
      conversation.listing({ title: `lamp ${index}` });
    }
    let turns = 0;
    const immediate = setInterval(() => turns++, 0);
    const result = await findRow(
      query({ text: 'not there' }),
      sourceOf(conversation.transcript),
      () => turns > 0,
    );
    clearInterval(immediate);
    expect(result).toMatchObject({ row: -1, complete: false });
    expect(result.searchedTo).toBeGreaterThan(0);
    expect(result.searchedTo).toBeLessThan(60_000);
    conversation.transcript.dispose();
  });
});
