import { expect, it } from 'vitest';
import { Connection, type ConnectionListener } from '../../../src/grpc/connection';
import { settingsFrame } from '../../../src/wire/frameEncoder';

it('goes on when what it saw could not be taken in, says so once, and decodes no further', () => {
  const said: string[] = [];
  let frames = 0;
  const silent = () => undefined;
  const listener: ConnectionListener = {
    connected: silent,
    connectFailed: silent,
    tlsDone: silent,
    fields: silent,
    chunkDone: silent,
    closed: silent,
    frame: () => {
      frames++;
      throw new Error('a fault in the decoder');
    },
    unreadable: (_connection, text) => said.push(text),
  };
  const connection = new Connection('127.0.0.1:1', true, listener);
  const settings = settingsFrame([]);
  connection.received(settings);
  connection.received(settings);
  expect(frames).toBe(1);
  expect(said).toEqual([expect.stringContaining('a fault in the decoder')]);
});
