import type { FileFacts } from '../../program/semantics';
import { type Deadline, type Instance, instance, type Value } from '../../program/value';
import { isNamed, qualifiedType } from './libraryNames';
import { placeMark } from './values';

/** What generated code calls a stub. */
export type StubFlavour = 'blocking' | 'async' | 'future' | 'coroutine' | 'reactive' | 'configured';

interface StubType {
  readonly service: string;
  readonly flavour: StubFlavour;
}

const generators = '(Reactor|Rx3?|Mutiny|Vertx)?';
const typePattern = new RegExp(
  `(?:^|\\.)${generators}(\\w+?)Grpc(?:Kt)?\\.(?:Reactor|Rx|Mutiny|Vertx)?\\2(BlockingV2|Blocking|Future|Coroutine)?Stub$`,
);
const factoryPattern = new RegExp(
  `(?:^|\\.)${generators}(\\w+?)Grpc\\.new(BlockingV2|Blocking|Future|Reactor|Rx3?|Mutiny|Vertx)?Stub$`,
);

const flavours: Readonly<Record<string, StubFlavour>> = {
  Blocking: 'blocking',
  BlockingV2: 'blocking',
  Future: 'future',
  Coroutine: 'coroutine',
};

/** Of a fully qualified type: `market.v1.ListingServiceGrpc.ListingServiceBlockingStub`. */
export function stubType(qualified: string): StubType | undefined {
  return read(typePattern.exec(qualified));
}

/** Of a fully qualified factory: `market.v1.ListingServiceGrpc.newBlockingStub`. */
export function stubFactory(path: string): StubType | undefined {
  return read(factoryPattern.exec(path));
}

function read(match: RegExpExecArray | null): StubType | undefined {
  const [, generator, service, kind = ''] = match ?? [];
  return service === undefined
    ? undefined
    : { service, flavour: generator === undefined ? (flavours[kind] ?? 'async') : 'reactive' };
}

export function stub(
  type: StubType,
  deadline: Deadline,
  properties: Readonly<Record<string, Value>> = {},
): Instance {
  const { service, flavour } = type;
  return instance('stub', deadline, { flavour, service, properties });
}

/** Marks a stub that came as a parameter: kept in a field, nobody has decided on its deadline. */
export const fromParameter = 'fromParameter';

/**
 * A stub of a declared type. As a parameter its deadline is the caller's; a field is expected to hold none,
 * because a deadline kept there would expire; of what another file gives back nothing is known.
 */
export function typedStub(
  type: string,
  place: 'parameter' | 'field' | 'variable' | 'result',
  file: FileFacts,
): Instance | undefined {
  const qualified = qualifiedType(type, file);
  const found = stubType(qualified) ?? configuredStub(qualified, file);
  if (found === undefined) {
    return undefined;
  }
  switch (place) {
    case 'parameter':
      return {
        ...stub(found, 'inherited', { [fromParameter]: placeMark({ from: 0, to: 0 }) }),
        why: 'it comes with the stub',
      };
    case 'field':
      return stub(found, 'missing');
    default:
      return { ...stub(found, 'unknown'), why: 'the stub is made elsewhere' };
  }
}

/** A client that `frameline.json` names although no generated code says so. */
export function configuredStub(qualified: string, file: FileFacts): StubType | undefined {
  return isNamed(file.settings.stubs, qualified, file)
    ? { service: '', flavour: 'configured' }
    : undefined;
}
