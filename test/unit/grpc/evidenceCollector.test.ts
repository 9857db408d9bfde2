import { expect, it } from 'vitest';
import { Connection, type ConnectionListener } from '../../../src/grpc/connection';
import { EvidenceCollector } from '../../../src/grpc/evidenceCollector';
import { connectionPreface } from '../../../src/wire/frame';
import { goAwayFrame, pingFrame, settingsFrame } from '../../../src/wire/frameEncoder';

const silent = () => undefined;
const listener: ConnectionListener = {
  connected: silent,
  connectFailed: silent,
  tlsDone: silent,
  frame: silent,
  fields: silent,
  unreadable: silent,
  chunkDone: silent,
  closed: silent,
};

/** A connection on which a PING of this side was answered, late or not. */
function pinged(): Connection {
  const connection = new Connection('127.0.0.1:1', true, listener);
  connection.received(settingsFrame([]));
  connection.sent(Buffer.from(connectionPreface));
  connection.sent(pingFrame());
  connection.received(pingFrame(undefined, { ack: true }));
  return connection;
}

/** What is known of a call on `connection` that ends with `code`, after the server's `said` when there is one. */
function evidence(connection: Connection, code: number, said?: string) {
  const collector = new EvidenceCollector({
    address: '127.0.0.1:1',
    security: { kind: 'plaintext' },
  });
  collector.bound(connection, 1);
  if (said !== undefined) {
    collector.fields('received', [['grpc-status', said]], true);
  }
  connection.closed(undefined, false);
  collector.closed(connection);
  return collector.build({
    code,
    details: '',
    elapsedMs: 1,
    cancelledHere: false,
    deadlinePassedHere: false,
    messagesSent: 1,
    messagesReceived: 0,
    framesAvailable: true,
  });
}

it('knows a keepalive that timed out when the answer came too late, also of an answered call', () => {
  const connection = pinged();
  connection.sent(goAwayFrame(0, 0));
  expect(evidence(connection, 14).keepaliveTimedOut).toBe(true);
  expect(evidence(connection, 14, '0').keepaliveTimedOut).toBe(true);
  expect(evidence(connection, 14, '14').keepaliveTimedOut).toBeUndefined();
});

it('knows of none when this side answers a GOAWAY, or gives the connection up for an error', () => {
  const answering = pinged();
  answering.received(goAwayFrame(1, 0));
  answering.sent(goAwayFrame(0, 0));
  expect(evidence(answering, 14).keepaliveTimedOut).toBeUndefined();
  const failing = pinged();
  failing.sent(goAwayFrame(0, 1));
  expect(evidence(failing, 13).keepaliveTimedOut).toBeUndefined();
  expect(evidence(failing, 13)).toMatchObject({ connectionClosedHere: true });
});

it('counts a connection as lost in the middle when the library gave the call another status', () => {
  const connection = new Connection('127.0.0.1:1', true, listener);
  expect(evidence(connection, 0, '0').connectionClosedMidStream).toBe(false);
  expect(evidence(connection, 14, '0')).toMatchObject({
    connectionClosedMidStream: true,
    connectionClosedHere: true,
  });
  expect(evidence(connection, 14).connectionClosedMidStream).toBe(true);
});
