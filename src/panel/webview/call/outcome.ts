import type { CallStatus } from '../../protocol';
import type { IconName } from '../shared/icons';

export type Tone = 'ok' | 'failed' | 'cancelled';

/** How a status looks: a call that the user cancelled is no failure. */
export function toneOf(status: CallStatus): Tone {
  if (status.code === 0) {
    return 'ok';
  }
  return status.code === 1 && status.origin === 'client' ? 'cancelled' : 'failed';
}

export const toneIcons: { readonly [tone in Tone]: IconName } = {
  ok: 'pass',
  failed: 'error',
  cancelled: 'circle-slash',
};

export const originNames: {
  readonly [origin in CallStatus['origin']]: { readonly label: string; readonly title: string };
} = {
  application: { label: 'Application', title: "The service's own code answered with this status." },
  intermediary: {
    label: 'Intermediary',
    title: 'A proxy or gateway on the way answered, not the service.',
  },
  transport: {
    label: 'Transport',
    title: 'The connection failed: no answer of the service arrived.',
  },
  client: { label: 'Client', title: 'This side ended the call.' },
};

export const certaintyTitles: { readonly [certainty in CallStatus['certainty']]: string } = {
  observed: 'The bytes of this call say so.',
  inferred: 'The likeliest reading of the evidence; it could be something else.',
};
