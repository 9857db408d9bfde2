/**
 * Code points of the codicon font. The class names of codicon.css don't reach into shadow roots, its
 * font does; so an icon is a character here. test/webview checks the table against codicon.css.
 */
export const codicons = {
  add: 0xea60,
  'arrow-down': 0xea9a,
  'arrow-left': 0xea9b,
  'arrow-right': 0xea9c,
  'arrow-up': 0xeaa1,
  check: 0xeab2,
  'chevron-down': 0xeab4,
  'chevron-right': 0xeab6,
  'circle-slash': 0xeabd,
  close: 0xea76,
  copy: 0xebcc,
  'debug-disconnect': 0xead0,
  discard: 0xeae2,
  error: 0xea87,
  'file-code': 0xeae9,
  'go-to-file': 0xea94,
  history: 0xea82,
  info: 0xea74,
  lightbulb: 0xea61,
  loading: 0xeb19,
  lock: 0xea75,
  pass: 0xeba4,
  plug: 0xeb2d,
  save: 0xeb4b,
  'save-as': 0xeb4a,
  search: 0xea6d,
  sync: 0xea77,
  terminal: 0xea85,
  trash: 0xea81,
  unlock: 0xeb74,
  wand: 0xebcf,
  warning: 0xea6c,
} as const;

export type IconName = keyof typeof codicons;
