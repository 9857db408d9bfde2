/** What follows `frameline`. */
export const commandNames = ['call', 'list', 'describe', 'run', 'lint'] as const;

export type CommandName = (typeof commandNames)[number];

export function isCommandName(name: string | undefined): name is CommandName {
  return commandNames.some((known) => known === name);
}
