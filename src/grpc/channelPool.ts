import { createHash } from 'node:crypto';
import type { ChannelOptions } from '@grpc/grpc-js';
import { Channel } from './channel';
import { channelCredentials, type TargetSecrets } from './credentials';
import type { Target } from './target';

/** Open channels at a time; past it the ones that were used longest ago and are not busy are closed. */
const MAX_CHANNELS = 16;

/**
 * The open channels of one owner. Calls to the same target with the same channel options share a channel, and
 * so a connection.
 */
export class ChannelPool {
  /** Least recently used first. */
  readonly #channels = new Map<string, Promise<Channel>>();
  #disposed = false;

  /**
   * The channel for `target`, made when there is none. One that failed to connect is replaced, so that a
   * person who mends the server and sends again doesn't wait for grpc-js's back-off.
   */
  async get(
    target: Target,
    options: ChannelOptions,
    secrets: TargetSecrets = {},
  ): Promise<Channel> {
    if (this.#disposed) {
      throw new Error('The channel pool is disposed.');
    }
    const key = poolKey(target, options, secrets);
    const known = this.#channels.get(key);
    this.#channels.delete(key);
    const channel = known
      ? this.#reuse(known, target, options, secrets)
      : open(target, options, secrets);
    this.#channels.set(key, channel);
    try {
      const opened = await channel;
      // Who asked has this turn of the event loop to make it busy: another `get` must not close it first.
      setImmediate(opened.hold());
      await this.#evict();
      return opened;
    } catch (error) {
      if (this.#channels.get(key) === channel) {
        this.#channels.delete(key);
      }
      throw error;
    }
  }

  /**
   * Lets go of every channel to `target`, because it was removed or its certificates may have changed on disk.
   * Calls that run go on; the next one opens a new connection.
   */
  retire(target: Target): void {
    for (const [key, channel] of [...this.#channels]) {
      if (key.startsWith(targetKey(target))) {
        this.#channels.delete(key);
        void channel.then((opened) => opened.retire()).catch(() => undefined);
      }
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const all = [...this.#channels.values()];
    this.#channels.clear();
    await Promise.all(all.map(closeQuietly));
  }

  async #reuse(
    known: Promise<Channel>,
    target: Target,
    options: ChannelOptions,
    secrets: TargetSecrets,
  ): Promise<Channel> {
    const channel = await known;
    if (!channel.isFailing) {
      return channel;
    }
    channel.retire();
    return open(target, options, secrets);
  }

  async #evict(): Promise<void> {
    for (const [key, promise] of [...this.#channels]) {
      if (this.#channels.size <= MAX_CHANNELS) {
        return;
      }
      const channel = await promise.catch(() => undefined);
      if (channel && !channel.isBusy) {
        this.#channels.delete(key);
        channel.close();
      }
    }
  }
}

async function open(
  target: Target,
  options: ChannelOptions,
  secrets: TargetSecrets,
): Promise<Channel> {
  return new Channel(target, await channelCredentials(target, secrets), options);
}

async function closeQuietly(channel: Promise<Channel>): Promise<void> {
  // A channel that could not be made has nothing to close; whoever asked for it got the error.
  const opened = await channel.catch(() => undefined);
  opened?.close();
}

/** Secrets only as a hash: the key may show up in a debugger. */
function poolKey(target: Target, options: ChannelOptions, secrets: TargetSecrets): string {
  const { passphrase } = secrets;
  const hash =
    passphrase === undefined ? '' : createHash('sha256').update(passphrase).digest('base64');
  return `${targetKey(target)}${JSON.stringify(options)}\n${hash}`;
}

function targetKey(target: Target): string {
  return `${JSON.stringify(target)}\n`;
}
