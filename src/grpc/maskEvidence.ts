import type { SecretMask } from '../transcript/masking/secretMask';
import type { Evidence } from './evidence';

/**
 * Evidence without secrets. Header fields came masked; here are the texts that peers and libraries wrote. It is
 * done before a status is explained: the explanation shortens them, and a part of a secret can't be found.
 */
export function maskEvidence(evidence: Evidence, mask: SecretMask): Evidence {
  const { connectAttempts, details, goAway, tls, resolution, connectionError } = evidence;
  const { peerTalkedHttp1, malformed, badCompression, connectionServer } = evidence;
  return {
    ...evidence,
    ...mask.texts({ connectAttempts, details }),
    ...(goAway && { goAway: mask.texts(goAway) }),
    ...(tls && { tls: mask.texts(tls) }),
    ...(resolution && { resolution: mask.texts(resolution) }),
    ...(connectionError && { connectionError: mask.texts(connectionError) }),
    ...(peerTalkedHttp1 !== undefined && { peerTalkedHttp1: mask.text(peerTalkedHttp1) }),
    ...(malformed !== undefined && { malformed: mask.text(malformed) }),
    ...(connectionServer !== undefined && { connectionServer: mask.text(connectionServer) }),
    ...(badCompression !== undefined && { badCompression: mask.text(badCompression) }),
  };
}
