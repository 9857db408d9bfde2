import type { FileFacts, Scene, Site, SiteArgument } from '../../program/semantics';
import {
  alternatives,
  type Deadline,
  type Entry,
  type Instance,
  instance,
  type ObjectValue,
  unknown,
  type Value,
} from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { type CoreSettings, readCoreArguments } from '../shared/coreArguments';
import { repeatsTarget } from '../shared/repeatedNames';
import { targetOf } from '../shared/report';
import { channelPlace, coreArguments } from './channels';
import { argumentsAfter, type KeywordSpec, namedArguments, reportUnknownKeyword } from './keywords';
import { readTimeout } from './times';

export interface StubClass {
  readonly flavour: 'generated' | 'generic' | 'own';
  readonly service?: string;
}

/** What a class is, by its path and by what it is made with. */
export function stubClass(path: string, site: Site, file: FileFacts): StubClass | undefined {
  if (path === 'GRPC::ClientStub') {
    return { flavour: 'generic' };
  }
  const [, service] = /(?:^|::)(\w+)::Stub$/.exec(path) ?? [];
  if (service !== undefined && isGenerated(service, site, file)) {
    return { flavour: 'generated', service };
  }
  return isConfigured(file.settings.stubs, path) ? { flavour: 'own' } : undefined;
}

/** A class called `Stub` is not enough: the service's name, the credentials or what the file requires show it. */
function isGenerated(service: string, { arguments: args }: Site, file: FileFacts): boolean {
  const [, credentials] = args;
  return (
    /\wService$/.test(service) ||
    file.index.hasService(service) ||
    (credentials !== undefined && isCredentials(credentials.value)) ||
    (args.length >= 2 && /^\s*require(?:_relative)?\b.*(?:\bgrpc\b|_services_pb)/m.test(file.text))
  );
}

function isCredentials(value: Value): boolean {
  return alternatives(value).some(
    (option) =>
      (option.kind === 'constant' && option.value === 'this_channel_is_insecure') ||
      (option.kind === 'instance' && option.role === 'credentials'),
  );
}

/** Of `GRPC::ClientStub#initialize` in the grpc gem. */
const stubKeywords: KeywordSpec = {
  known: ['channel_override', 'timeout', 'propagate_mask', 'channel_args', 'interceptors'],
  subject: 'A stub',
  instead(name) {
    return name.startsWith('grpc.') ? 'channel_args: { … } takes it.' : undefined;
  },
  renames: { deadline: 'timeout' },
};

/** `X::Service::Stub.new(host, credentials, timeout: 5, channel_args: {…})` */
export function newStub(known: StubClass, site: Site, scene: Scene): Instance {
  const { flavour, service } = known;
  if (flavour === 'own') {
    return instance('stub', 'missing', { flavour });
  }
  const { named, isOpen } = namedArguments(argumentsAfter(site, 2));
  reportUnknownKeyword(stubKeywords, named, scene);
  const override = named.get('channel_override')?.value;
  const settings =
    override === undefined ? ownChannel(site, scene, named, isOpen) : overridden(override);
  return instance('stub', deadlineOf(named, isOpen, site, scene), {
    flavour,
    ...(service === undefined ? {} : { service }),
    properties: settings.config === undefined ? {} : { config: settings.config },
  });
}

function deadlineOf(
  named: ReadonlyMap<string, Entry>,
  isOpen: boolean,
  site: Site,
  scene: Scene,
): Deadline {
  const { file } = scene;
  const interceptors = named.get('interceptors')?.value;
  if (interceptors !== undefined && hasConfigured(interceptors, file)) {
    return 'safe';
  }
  const given = named.get('timeout');
  if (given === undefined) {
    return isOpen ? 'unknown' : 'missing';
  }
  const written = site.call.arguments.find(({ name }) => name === 'timeout')?.value;
  const { deadline, misread } = readTimeout(given.value, written, scene);
  if (misread !== undefined) {
    scene.report({ kind: 'misread', span: written?.span ?? given.span, ...misread });
  }
  return deadline;
}

/** An interceptor gets a call that is made already: only one that the settings name is known to limit it. */
function hasConfigured(interceptors: Value, { settings }: FileFacts): boolean {
  const items = interceptors.kind === 'list' ? interceptors.items : [interceptors];
  return items.some(
    (item) =>
      (item.kind === 'object of' && isConfigured(settings.interceptors, item.className)) ||
      (item.kind === 'symbol' && isConfigured(settings.interceptors, item.path)),
  );
}

function overridden(channel: Value): CoreSettings {
  const config = channel.kind === 'instance' ? channel.properties.config : undefined;
  return config === undefined ? {} : { config };
}

function ownChannel(
  site: Site,
  scene: Scene,
  named: ReadonlyMap<string, Entry>,
  isOpen: boolean,
): CoreSettings {
  const given = named.get('channel_args')?.value;
  return reportChannel(site, scene, 'client', site.arguments[0], given, isOpen);
}

/** `GRPC::Core::Channel.new(host, channel_args, credentials)` */
export function newChannel(site: Site, scene: Scene): Instance {
  const [host, given] = site.arguments;
  return channelOf(reportChannel(site, scene, 'channel', host, given?.value, false));
}

/** `GRPC::ClientStub.setup_channel(channel_override, host, credentials, channel_args)`: the override, if there is one. */
export function setUpChannel(site: Site, scene: Scene): Value {
  const [override, host, , given] = site.arguments;
  if (override?.value.kind !== 'constant' || override.value.value !== null) {
    return override?.value ?? unknown;
  }
  // The last argument is a hash: its braces may be left out.
  const { named, isOpen } = namedArguments(argumentsAfter(site, 3));
  const written: Value | undefined =
    given?.name === undefined
      ? given?.value
      : { kind: 'object', entries: named, isOpen, span: given.span };
  return channelOf(reportChannel(site, scene, 'channel', host, written, false));
}

function channelOf({ config }: CoreSettings): Instance {
  return instance('channel', 'missing', { properties: config === undefined ? {} : { config } });
}

function reportChannel(
  site: Site,
  scene: Scene,
  what: 'client' | 'channel',
  host: SiteArgument | undefined,
  given: Value | undefined,
  isOpen: boolean,
): CoreSettings {
  const known: ObjectValue | undefined = given?.kind === 'object' ? given : undefined;
  const settings = readCoreArguments(known === undefined ? [] : coreArguments(known, scene), scene);
  const { keepalive, policy } = settings;
  scene.report({
    kind: 'channel',
    implementation: 'grpc-core',
    span: site.call.span,
    nameSpan: site.nameSpan,
    what,
    ...targetOf(host),
    ...repeatsTarget(host && site.call.arguments[site.arguments.indexOf(host)]?.value, scene),
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(policy === undefined ? {} : { policy }),
    isOpen: isOpen || (given !== undefined && (known === undefined || known.isOpen)),
    place: channelPlace(scene),
  });
  return given !== undefined && known === undefined ? { ...settings, config: unknown } : settings;
}
