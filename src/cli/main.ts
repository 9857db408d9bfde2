#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { runCommand } from './command';
import { type Output, placesOf } from './environment';
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
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
  };
}

// The code is set, not exited with: what is still on its way to a pipe must arrive.
const code = await runCommand(process.argv.slice(2), {
  cwd: realpathSync(process.cwd()),
  variables: process.env,
  out: output(process.stdout),
  err: output(process.stderr),
  places: placesOf(new URL('.', import.meta.url)),
});
process.exitCode = isLost ? exitCodes.failure : code;
