import type { Site } from '../../program/semantics';
import { type Entry, type ObjectValue, unknown, type Value } from '../../program/value';

/** A list or dict after a method that changes it; undefined when it stays as it is. */
export function changed(site: Site): Value | undefined {
  const { receiver, method, arguments: args } = site;
  const [first, second] = args;
  if (receiver?.kind === 'list') {
    switch (method) {
      case 'append':
        return { ...receiver, items: [...receiver.items, first?.value ?? unknown] };
      case 'extend':
        return first?.value.kind === 'list'
          ? {
              ...receiver,
              items: [...receiver.items, ...first.value.items],
              isOpen: receiver.isOpen || first.value.isOpen,
            }
          : { ...receiver, isOpen: true };
      default:
        return undefined;
    }
  }
  if (receiver?.kind !== 'object') {
    return undefined;
  }
  switch (method) {
    case 'update':
      return updated(receiver, site);
    case 'setdefault': {
      const key = first?.value.kind === 'constant' ? String(first.value.value) : undefined;
      if (key === undefined || second === undefined || receiver.entries.has(key)) {
        return undefined;
      }
      const entry = { value: second.value, keySpan: second.span, span: second.span };
      return { ...receiver, entries: new Map([...receiver.entries, [key, entry]]) };
    }
    default:
      return undefined;
  }
}

/** `options.update(timeout=5)`, `options.update({"timeout": 5})` */
function updated(receiver: ObjectValue, { arguments: args }: Site): ObjectValue {
  const entries = new Map<string, Entry>(receiver.entries);
  let { isOpen } = receiver;
  for (const { name, value, span } of args) {
    if (name !== undefined) {
      entries.set(name, { value, keySpan: span, span });
    } else if (value.kind === 'object') {
      for (const [key, entry] of value.entries) {
        entries.set(key, entry);
      }
      isOpen ||= value.isOpen;
    } else {
      isOpen = true;
    }
  }
  return { ...receiver, entries, isOpen };
}

/** `{…}.items()` */
export function pairsOf({ receiver, method }: Site): Value | undefined {
  return receiver?.kind === 'object' && method === 'items' ? pairs(receiver) : undefined;
}

function pairs({ entries, isOpen }: ObjectValue): Value {
  return {
    kind: 'list',
    items: [...entries].map(([key, { value, keySpan }]) => ({
      kind: 'list',
      items: [{ kind: 'constant', value: key, ...plainKey(key, keySpan) }, value],
      isOpen: false,
    })),
    isOpen,
  };
}

/** Between the quotes of a key that is written without escapes. */
function plainKey(key: string, span: { from: number; to: number }) {
  return span.to - span.from === key.length + 2 ? { span, plainFrom: span.from + 1 } : { span };
}
