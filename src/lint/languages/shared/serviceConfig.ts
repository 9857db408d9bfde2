import { statusNames } from '../../../grpc/statusCodes';
import type { Implementation, PartPlace, ServiceConfigFact } from '../../facts';
import type { Span } from '../../program/syntax';
import type { ObjectValue, Value } from '../../program/value';

/**
 * The fact of a service config that a channel gets: JSON text, or the object that is made into it. Undefined
 * when nothing of it is written here.
 */
export function serviceConfigFact(
  implementation: Implementation,
  value: Value,
  span: Span,
): ServiceConfigFact | undefined {
  if (value.kind === 'constant' && typeof value.value === 'string') {
    const { plainFrom } = value;
    return {
      kind: 'serviceConfig',
      implementation,
      span: plainFrom === undefined ? span : value.span,
      config: { text: value.value },
      ...(plainFrom === undefined ? {} : { textFrom: plainFrom }),
    };
  }
  if (value.kind !== 'object') {
    return undefined;
  }
  const parts = new Parts();
  const config = { value: parts.plain(value, '') };
  const { places, unseen } = parts;
  return { kind: 'serviceConfig', implementation, span, config, places, unseen };
}

class Parts {
  readonly places: Record<string, PartPlace> = {};
  readonly unseen: string[] = [];

  plain(value: Value, path: string): unknown {
    switch (value.kind) {
      case 'constant':
        return value.value;
      case 'duration':
        return `${value.milliseconds / 1_000}s`;
      case 'object':
        return this.#object(value, path);
      case 'list':
        if (value.isOpen) {
          this.unseen.push(path);
        }
        return value.items.map((item, index) => this.#part(item, `${path}[${index}]`, undefined));
      case 'symbol':
        return statusOf(value.path) ?? this.#hide(path);
      default:
        return this.#hide(path);
    }
  }

  #object({ entries, isOpen }: ObjectValue, path: string): unknown {
    if (isOpen) {
      this.unseen.push(path);
    }
    return Object.fromEntries(
      [...entries].map(([key, { value, keySpan, span }]) => {
        const at = path === '' ? key : `${path}.${key}`;
        return [key, this.#part(value, at, { ...span, key: keySpan })];
      }),
    );
  }

  #part(value: Value, path: string, place: PartPlace | undefined): unknown {
    const at = place ?? ('span' in value ? value.span : undefined);
    if (at !== undefined) {
      const text = textOf(value, at);
      this.places[path] = text === undefined ? at : { ...at, text };
    }
    return this.plain(value, path);
  }

  /** Any text that stands nowhere else, so that two of them are never the same name. */
  #hide(path: string): string {
    this.unseen.push(path);
    return `\0${path}`;
  }
}

/** Between the quotes of a string that stands right there, and not in a constant elsewhere. */
function textOf(value: Value, { from, to }: Span): Span | undefined {
  if (value.kind !== 'constant' || typeof value.value !== 'string') {
    return undefined;
  }
  const { plainFrom, value: text } = value;
  return plainFrom !== undefined && plainFrom > from && plainFrom + text.length < to
    ? { from: plainFrom, to: plainFrom + text.length }
    : undefined;
}

/** `io.grpc.Status.Code.UNAVAILABLE`, `@grpc/grpc-js.status.UNAVAILABLE`, `Grpc.Core.StatusCode.Unavailable` */
function statusOf(path: string): string | undefined {
  const last = path.slice(Math.max(path.lastIndexOf('.'), path.lastIndexOf(':')) + 1);
  const plain = last.replaceAll('_', '').toUpperCase();
  return statusNames.find((name) => name.replaceAll('_', '') === plain);
}
