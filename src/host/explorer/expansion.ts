import type { Memento } from 'vscode';
import type { NodeLook } from './nodeLook';

const storageKey = 'explorer.expansion';
/** Nodes that are remembered; the ones that were touched longest ago are forgotten first. */
const limit = 500;

/** Which nodes the user opened and closed: the editor itself forgets it when the window is reloaded. */
export class Expansion {
  readonly #memento: Memento;
  readonly #open: Map<string, boolean>;

  constructor(memento: Memento) {
    this.#memento = memento;
    this.#open = new Map(parse(memento.get(storageKey)));
  }

  set(nodeId: string, open: boolean): void {
    this.#open.delete(nodeId);
    this.#open.set(nodeId, open);
    const [oldest] = this.#open.keys();
    if (this.#open.size > limit && oldest !== undefined) {
      this.#open.delete(oldest);
    }
    void this.#memento.update(storageKey, [...this.#open]);
  }

  /** The look with the user's choice in place of the default. */
  apply(look: NodeLook): NodeLook {
    const open = this.#open.get(look.id);
    return open === undefined || look.collapsible === 'none'
      ? look
      : { ...look, collapsible: open ? 'expanded' : 'collapsed' };
  }
}

function parse(value: unknown): [string, boolean][] {
  return (Array.isArray(value) ? value : []).flatMap((pair): [string, boolean][] =>
    Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'boolean'
      ? [[pair[0], pair[1]]]
      : [],
  );
}
