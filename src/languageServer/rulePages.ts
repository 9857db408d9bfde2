import { readFile } from 'node:fs/promises';
import type { RuleId } from '../lint/ruleIds';
import { rules } from '../lint/rules/registry';

/** The pages of the rules that ship with the linter. */
export class RulePages {
  readonly #folder: URL;
  readonly #reasons = new Map<RuleId, Promise<string>>();

  /** @param folder of the pages, with a slash at the end */
  constructor(folder: URL) {
    this.#folder = folder;
  }

  /** Where a rule's page is: a file, so that it opens without a network and in any editor. */
  address(rule: RuleId): string {
    return new URL(`${rule}.md`, this.#folder).href;
  }

  /** What the rule is about, why, and the way to its page, as Markdown. */
  async summary(rule: RuleId): Promise<string> {
    const title = rules.find(({ id }) => id === rule)?.title ?? rule;
    return [
      `**${title}**`,
      await this.#why(rule),
      `[How to fix and configure it](${this.address(rule)})`,
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  }

  #why(rule: RuleId): Promise<string> {
    let why = this.#reasons.get(rule);
    if (!why) {
      why = readFile(new URL(this.address(rule)), 'utf8').then(firstReason, () => '');
      this.#reasons.set(rule, why);
    }
    return why;
  }
}

/** The first paragraph under the heading "Why" of a rule's page. */
export function firstReason(page: string): string {
  const [, section = ''] = /^## Why[^\n]*\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(page) ?? [];
  const [paragraph = ''] = section.trim().split(/\n\s*\n/);
  return paragraph.replaceAll(/\s*\n\s*/g, ' ');
}
