import {
  alternatives,
  type Deadline,
  joinDeadlines,
  type ObjectValue,
  type Value,
} from '../../program/value';

/** What call options are worth on the worst of the ways that they can be. */
export function worstOfOptions(
  options: Value,
  readObject: (options: ObjectValue) => Deadline,
): Deadline {
  return alternatives(options)
    .map((each): Deadline => {
      switch (each.kind) {
        case 'object':
          return readObject(each);
        case 'constant':
          return each.value === null ? 'missing' : 'unknown';
        case 'instance':
          return each.role === 'callOptions' ? each.deadline : 'unknown';
        default:
          return 'unknown';
      }
    })
    .reduce(joinDeadlines);
}
