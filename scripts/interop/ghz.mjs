import { prepareGoTool } from './goTool.mjs';

export const ghz = { name: 'ghz', version: 'v0.121.0', path: 'github.com/bojand/ghz/cmd/ghz' };

/**
 * @param {(line: string) => void} report
 * @returns {Promise<string | undefined>} path of the program; undefined where there is no Go
 */
export function prepareGhz(report) {
  return prepareGoTool(ghz, report);
}
