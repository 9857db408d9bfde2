import type { ChannelFact } from '../../facts';
import type { Scene } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import type { ObjectValue, Value } from '../../program/value';
import type { CoreArgument } from '../shared/coreArguments';
import { placeOf } from '../shared/report';

/** The type of an object that was made into JSON text. */
export const jsonText = 'JSON';

/**
 * The entries of `channel_args`. The grpc gem raises TypeError on a value that is neither a string nor an
 * integer (`grpc_rb_channel_create_in_process_add_args_hash_cb` in rb_channel_args.c), which is reported here.
 */
export function coreArguments({ entries }: ObjectValue, scene: Scene): CoreArgument[] {
  return [...entries].flatMap(([key, { value, keySpan, span }]) => {
    const wrong = refused(key, value);
    if (wrong !== undefined) {
      scene.report({ kind: 'option', span, message: wrong });
      return [];
    }
    return [{ key, keySpan: unquoted(keySpan, key, scene), value, valueSpan: span }];
  });
}

function refused(key: string, value: Value): string | undefined {
  if (value.kind === 'object' && value.type !== jsonText) {
    return `"${key}" is a string or an integer: the grpc gem raises TypeError on a Hash. Use to_json.`;
  }
  if (value.kind !== 'constant' || typeof value.value === 'string') {
    return undefined;
  }
  return typeof value.value === 'number' && Number.isInteger(value.value)
    ? undefined
    : `"${key}" is a string or an integer: the grpc gem raises TypeError on ${String(value.value ?? 'nil')}.`;
}

function unquoted({ from, to }: Span, key: string, { file }: Scene): Span {
  const at = file.text.slice(from, to).indexOf(key);
  return at < 0 ? { from, to } : { from: from + at, to: from + at + key.length };
}

/** A class, global variable or constant keeps what it is given; so do the fields of a gRPC service, which stays. */
export function channelPlace(scene: Scene): ChannelFact['place'] {
  const { file, statement, handler } = scene;
  const text = file.text.slice(statement.from, statement.to);
  const isKept =
    /^(?:@@|\$|[A-Z]|self\.class\.)[\w:.]*\s*(?:\|\|)?=/.test(text) ||
    (handler === 'rpc' && /^@\w+\s*(?:\|\|)?=/.test(text));
  return isKept ? 'function' : placeOf(scene);
}
