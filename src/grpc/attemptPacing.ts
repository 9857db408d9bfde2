import { CallCredentials, Metadata } from '@grpc/grpc-js';

/** Attempts that may begin in one turn of the event loop. */
const attemptsInTurn = 100;

/**
 * Call credentials that add nothing to a call, but let the event loop take its turn when attempts follow each
 * other without end.
 *
 * When a session is destroyed, grpc-js 1.14 goes on to pick its connection until the session's `close` event:
 * the attempt fails before it has begun and is made again at once, in a microtask. The event never comes, the
 * process hangs and fills its memory. A server can bring that about by what it sends.
 */
export function attemptPacing(): CallCredentials {
  let begun = 0;
  return CallCredentials.createFromMetadataGenerator((_options, done) => {
    const begin = (): void => done(null, new Metadata());
    begun++;
    if (begun === 1) {
      setImmediate(() => {
        begun = 0;
      });
    }
    if (begun <= attemptsInTurn) {
      begin();
    } else {
      setImmediate(begin);
    }
  });
}
