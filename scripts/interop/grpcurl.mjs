import { prepareGoTool } from './goTool.mjs';

export const grpcurl = {
  name: 'grpcurl',
  version: 'v1.9.4',
  path: 'github.com/fullstorydev/grpcurl/cmd/grpcurl',
};

/**
 * @param {(line: string) => void} report
 * @returns {Promise<string | undefined>} path of the program; undefined where there is no Go
 */
export function prepareGrpcurl(report) {
  return prepareGoTool(grpcurl, report);
}
