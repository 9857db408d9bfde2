import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The POSIX shells of this machine; `sh` is always one. */
export const shells: readonly string[] = ['sh', 'bash', 'dash'].filter((name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name))),
);

/**
 * What a real shell makes of each text as the words after a command; undefined where it refuses to read on. The
 * texts are run: they hold nothing but words.
 */
export function wordsByShell(
  shell: string,
  texts: readonly string[],
  env: Readonly<Record<string, string>> = {},
): (string[] | undefined)[] {
  const script = `
    words() { for word in "$@"; do printf '%s\\035' "$word"; done; }
    for text in "$@"; do
      ( eval "words $text" ) 2>/dev/null || printf '\\036'
      printf '\\037'
    done`;
  const output = execFileSync(shell, ['-c', script, shell, ...texts], {
    // With SHLVL bash doesn't take itself for a remote shell, which would read the user's own settings.
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', SHLVL: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  }).toString('utf8');
  return output
    .split('\u001f')
    .slice(0, -1)
    .map((words) => (words.endsWith('\u001e') ? undefined : words.split('\u001d').slice(0, -1)));
}
