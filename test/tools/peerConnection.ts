import type { Socket } from 'node:net';
import { PingEnforcement } from '../../src/sampleServer/pingEnforcement';
import { play, type Script, type Stage } from '../../src/sampleServer/script';
import { ConnectionDecoder } from '../../src/wire/connectionDecoder';
import {
  ErrorCode,
  FrameFlag,
  type FrameHeader,
  FrameType,
  fieldValue,
  type HeaderField,
} from '../../src/wire/frame';
import {
  goAwayFrame,
  pingFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../../src/wire/frameEncoder';
import type { PeerRequest, PeerScript } from './peerScript';

type Http2Script = Extract<PeerScript, { readonly kind: 'http2' }>;

export interface PeerEvents {
  request(request: PeerRequest): void;
  ping(): void;
}

interface OpenStream {
  readonly gone: AbortController;
  readonly end: () => void;
}

/** One connection of a scripted peer. */
export class PeerConnection {
  readonly #socket: Socket;
  readonly #script: Http2Script;
  readonly #events: PeerEvents;
  readonly #pings: PingEnforcement | undefined;
  readonly #streams = new Map<number, OpenStream>();
  #lastStreamId = 0;

  constructor(socket: Socket, script: Http2Script, events: PeerEvents) {
    this.#socket = socket;
    this.#script = script;
    this.#events = events;
    if (typeof script.pings === 'object') {
      this.#pings = new PingEnforcement(script.pings);
    }
    const decoder = new ConnectionDecoder({
      frame: (_direction, header, payload) => this.#frame(header, payload),
      fields: (_direction, streamId, fields, endStream) =>
        this.#headers(streamId, fields, endStream),
      undecodableFields: () => socket.destroy(),
      malformed: () => socket.destroy(),
    });
    socket.on('data', (chunk) => decoder.push('sent', chunk));
    socket.on('close', () => {
      for (const { gone } of this.#streams.values()) {
        gone.abort();
      }
    });
    const { settings = [] } = script;
    if (settings !== false) {
      this.#write(settingsFrame(settings.map(([id, value]) => ({ id, value }))));
    }
  }

  #write(bytes: Uint8Array) {
    if (this.#socket.writable) {
      this.#socket.write(bytes);
    }
  }

  #frame({ type, flags, streamId, length }: FrameHeader, payload: Uint8Array) {
    const acknowledges = (flags & FrameFlag.Ack) !== 0;
    if (type === FrameType.Settings && !acknowledges && this.#script.settings !== false) {
      this.#write(settingsAckFrame());
    } else if (type === FrameType.Ping && !acknowledges) {
      this.#ping(payload);
    } else if (type === FrameType.RstStream) {
      this.#streams.get(streamId)?.gone.abort();
    } else if (type === FrameType.Data) {
      const ended = (flags & FrameFlag.EndStream) !== 0;
      if (length > 0) {
        this.#write(windowUpdateFrame(0, length));
      }
      if (length > 0 && !ended) {
        this.#write(windowUpdateFrame(streamId, length));
      }
      if (ended) {
        this.#streams.get(streamId)?.end();
      }
    }
  }

  #ping(opaque: Uint8Array) {
    this.#events.ping();
    if (this.#script.pings !== 'ignore') {
      this.#write(pingFrame(opaque, { ack: true }));
    }
    if (this.#pings?.ping(performance.now()).tooMany) {
      const debugData = Buffer.from('too_many_pings');
      this.#write(goAwayFrame(this.#lastStreamId, ErrorCode.EnhanceYourCalm, debugData));
      this.#socket.destroySoon();
    }
  }

  #headers(streamId: number, fields: readonly HeaderField[], endStream: boolean) {
    const open = this.#streams.get(streamId);
    if (open) {
      // Trailers of the request.
      open.end();
      return;
    }
    const path = fieldValue(fields, ':path') ?? '';
    const request = { streamId, path, fields };
    this.#lastStreamId = streamId;
    this.#events.request(request);
    const { answer = [] } = this.#script;
    const script = typeof answer === 'function' ? answer(request) : answer;
    void this.#play(script, streamId, endStream);
  }

  async #play(script: Script, streamId: number, endStream: boolean) {
    const gone = new AbortController();
    let end = () => {};
    const requestEnded = new Promise<void>((resolve) => {
      end = resolve;
    });
    if (endStream) end();
    this.#streams.set(streamId, { gone, end });
    const stage: Stage = {
      streamId,
      gone: gone.signal,
      requestEnded,
      write: (bytes) => this.#write(bytes),
      close: () => this.#socket.destroySoon(),
      reset: () => this.#socket.resetAndDestroy(),
    };
    await play(script, stage);
  }
}
