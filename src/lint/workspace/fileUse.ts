import { slashed } from '../../config/paths';
import { isFrameworkConfiguration } from '../index/defaultDeadlines';
import { languageFor } from '../languages';
import type { WorkspaceFile } from './workspaceFiles';

/** Whether a file of this name can be linted, or say something about others: the rest need not be read. */
export function mayMatter(path: string): boolean {
  return (
    languageFor(path) !== undefined ||
    path.endsWith('.proto') ||
    path.endsWith('.json') ||
    isFrameworkConfiguration(slashed(path))
  );
}

/**
 * Whether the index takes in a file. Generated code tells which services there are; tests say nothing about
 * other code; of others' code only what services they define is of interest.
 */
export function isIndexed({ path, leftOut }: WorkspaceFile): boolean {
  switch (leftOut) {
    case undefined:
    case 'generated':
      return !path.endsWith('.json');
    case 'vendored':
      return path.endsWith('.proto');
    default:
      return false;
  }
}
