import { debianPackages } from './debian.mjs';
import { versionOf } from './tools.mjs';

/**
 * Sees to it that Wireshark's tshark and dumpcap are on PATH and that this process may capture.
 * @param {(line: string) => void} report
 * @returns {Promise<{ version: string } | undefined>}
 */
export async function prepareTshark(report) {
  const output =
    (await tshark()) ?? ((await debianPackages(['tshark'], report)) && (await tshark()));
  const version = /TShark .*?(\d+\.\d+\.\d+)/.exec(output || '')?.[1];
  if (version === undefined) {
    report('Comparing frames skipped: there is no tshark on PATH.');
    return undefined;
  }
  if ((await versionOf('dumpcap', ['-i', 'lo', '-L'])) === undefined) {
    report(
      'Comparing frames skipped: dumpcap may not capture on lo. Root and the group wireshark may.',
    );
    return undefined;
  }
  return { version };
}

function tshark() {
  return versionOf('tshark', ['--version']);
}
