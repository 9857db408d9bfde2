import { realpathSync } from 'node:fs';
import { isatty } from 'node:tty';
import { runCommand } from './command';
import { type Input, type Output, placesOf } from './environment';
import { exitCodes } from './failure';

/** Whether something could not be written: a full disk. */
let isLost = false;

/**
 * A reader that goes away, as `head` does, is no error: what is left is dropped, and the exit code stays what it
 * would have been.
 */
function output(stream: NodeJS.WriteStream): Output {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code !== 'EPIPE') {
      isLost = true;
      process.exitCode = exitCodes.failure;
    }
  });
  return {
    write: (text) => {
      if (isOpen) {
        stream.write(text);
      }
    },
    drained: () =>
      isOpen && stream.writableNeedDrain
        ? new Promise((resolve) => {
            const done = (): void => {
              stream.off('drain', done);
              stream.off('error', done);
              resolve();
            };
            stream.on('drain', done);
            stream.on('error', done);
          })
        : undefined,
    get isClosed() {
      return !isOpen;
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
  };
}

/** `process.stdin` is made when it is first used: most commands have no need of it. */
const input: Input = {
  get isTTY() {
    return isatty(0);
  },
  read: () => process.stdin.setEncoding('utf8'),
  close: () => process.stdin.destroy(),
};

function onInterrupt(listener: () => void): () => void {
  process.once('SIGINT', listener);
  return () => process.off('SIGINT', listener);
}

/**
 * The program. Never rejects.
 * @param dist folder that this file is built into
 */
export async function main(dist: string): Promise<void> {
  // What Node deprecates in a library is nothing that whoever calls the command can change.
  process.noDeprecation = true;
  const code = await runCommand(process.argv.slice(2), {
    cwd: realpathSync(process.cwd()),
    variables: process.env,
    out: output(process.stdout),
    err: output(process.stderr),
    input,
    onInterrupt,
    places: placesOf(dist),
  });
  // The code is set, not exited with: what is still on its way to a pipe must arrive.
  process.exitCode = isLost ? exitCodes.failure : code;
}

/** The program of a linter thread. */
export async function lintWorker(): Promise<void> {
  const { startLintWorker } = await import('./lint/lintWorker');
  startLintWorker();
}
