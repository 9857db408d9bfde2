import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { failure } from './failure';
import { send, serverStream, unary } from './handlers';

const serving = { status: 1 };
const serviceUnknown = { status: 3 };

/** grpc.health.v1.Health: every service serves for as long as the server runs. */
export function health(services: readonly string[]): UntypedServiceImplementation {
  const known = new Set(['', ...services]);
  return {
    Check: unary<{ service?: string }, object>(({ request: { service = '' } }) => {
      if (!known.has(service)) {
        throw failure(status.NOT_FOUND, `unknown service ${JSON.stringify(service)}`);
      }
      return serving;
    }),

    List: unary<object, object>(() => ({
      statuses: Object.fromEntries([...known].map((service) => [service, serving])),
    })),

    Watch: serverStream<{ service?: string }, object>(async (call, gone) => {
      await send(call, known.has(call.request.service ?? '') ? serving : serviceUnknown, gone);
      await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }));
    }),
  };
}
