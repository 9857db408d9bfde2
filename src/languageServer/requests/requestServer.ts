/** What is loaded with the first request file that is opened. */
export { completeAt } from './requestCompletion';
export {
  definitionsAt,
  foldingsOf,
  formatEdits,
  hoverAt,
  linksOf,
  referencesAt,
  renameAt,
  renameEdit,
  symbolsOf,
} from './requestFeatures';
export { RequestSession } from './requestSession';
