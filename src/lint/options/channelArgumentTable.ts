/**
 * Channel arguments by key, for grpc-js and for C core (Python, Ruby, C++). Sources: grpc-js 1.14,
 * `channel-options.ts` and each place that reads an option; C core, `grpc/impl/channel_arg_names.h`.
 */
export interface ArgumentSpec {
  /** `flag` is an integer, 0 or 1; `pointer` is an object of the language. */
  readonly type: 'integer' | 'flag' | 'string' | 'pointer';
  /** Which side of grpc-js reads it; undefined: neither does. */
  readonly js?: Side;
  readonly core?: Side;
  /** grpc-js compares with this number by `===`: `true`, `false` and `'1'` are as good as nothing. */
  readonly strict?: 0 | 1;
  /** What does the same elsewhere, as a sentence. */
  readonly instead?: string;
}

export type Side = 'client' | 'server' | 'both';

const both = { js: 'both', core: 'both' } as const;
const clients = { js: 'client', core: 'client' } as const;
const servers = { js: 'server', core: 'server' } as const;
const coreBoth = { core: 'both' } as const;
const coreClient = { core: 'client' } as const;
const coreServer = { core: 'server' } as const;
const jsBoth = { js: 'both' } as const;

const integers: Readonly<Record<string, Omit<ArgumentSpec, 'type'>>> = {
  'grpc.keepalive_time_ms': both,
  'grpc.keepalive_timeout_ms': both,
  'grpc.max_concurrent_streams': servers,
  'grpc.initial_reconnect_backoff_ms': clients,
  'grpc.max_reconnect_backoff_ms': clients,
  'grpc.max_send_message_length': both,
  'grpc.max_receive_message_length': both,
  'grpc.dns_min_time_between_resolutions_ms': clients,
  'grpc.per_rpc_retry_buffer_size': clients,
  'grpc.retry_buffer_size': { js: 'client' },
  'grpc.max_connection_idle_ms': servers,
  'grpc.max_connection_age_ms': servers,
  'grpc.max_connection_age_grace_ms': servers,
  'grpc.client_idle_timeout_ms': clients,
  'grpc.lb.ring_hash.ring_size_cap': clients,
  'grpc.default_compression_algorithm': both,
  'grpc-node.max_session_memory': jsBoth,
  'grpc-node.retry_max_attempts_limit': { js: 'client' },
  'grpc-node.flow_control_window': jsBoth,
  'grpc.http2.max_pings_without_data': {
    ...coreBoth,
    instead: 'grpc-js sends keepalive PINGs without such a limit.',
  },
  'grpc.http2.max_ping_strikes': coreServer,
  'grpc.http2.min_ping_interval_without_data_ms': {
    ...coreServer,
    instead: 'A client sets how often it pings with "grpc.keepalive_time_ms".',
  },
  'grpc.http2.min_time_between_pings_ms': {
    instead: 'How often a client pings is "grpc.keepalive_time_ms" alone.',
  },
  'grpc.min_reconnect_backoff_ms': {
    ...coreClient,
    instead: 'grpc-js has "grpc.initial_reconnect_backoff_ms" and "grpc.max_reconnect_backoff_ms".',
  },
  'grpc.max_metadata_size': coreBoth,
  'grpc.absolute_max_metadata_size': coreBoth,
  'grpc.http2.lookahead_bytes': {
    ...coreBoth,
    instead: 'grpc-js has "grpc-node.flow_control_window".',
  },
  'grpc.http2.initial_sequence_number': coreBoth,
  'grpc.http2.hpack_table_size.decoder': coreBoth,
  'grpc.http2.hpack_table_size.encoder': coreBoth,
  'grpc.http2.max_frame_size': coreBoth,
  'grpc.http2.write_buffer_size': coreBoth,
  'grpc.server_handshake_timeout_ms': coreServer,
  'grpc.server_max_unrequested_time_in_server': coreServer,
  'grpc.max_allowed_incoming_connections': coreServer,
  'grpc.tsi.max_frame_size': coreBoth,
  'grpc.max_channel_trace_event_memory_per_node': coreBoth,
  'grpc.experimental.tcp_read_chunk_size': coreBoth,
  'grpc.experimental.tcp_min_read_chunk_size': coreBoth,
  'grpc.experimental.tcp_max_read_chunk_size': coreBoth,
  'grpc.experimental.tcp_tx_zerocopy_send_bytes_threshold': coreBoth,
  'grpc.experimental.tcp_tx_zerocopy_max_simultaneous_sends': coreBoth,
  'grpc.experimental.server_config_change_drain_grace_time_ms': coreServer,
  'grpc.tcp_receive_buffer_size': coreBoth,
  'grpc.grpclb_call_timeout_ms': coreClient,
  'grpc.grpclb_fallback_timeout_ms': coreClient,
  'grpc.priority_failover_timeout_ms': coreClient,
  'grpc.dns_ares_query_timeout': coreClient,
  'grpc.happy_eyeballs_connection_attempt_delay_ms': coreClient,
  'grpc.dscp': coreBoth,
  'grpc.default_compression_level': coreBoth,
  'grpc.compression_enabled_algorithms_bitset': coreBoth,
  'grpc.channel_id': coreClient,
};

const flags: Readonly<Record<string, Omit<ArgumentSpec, 'type'>>> = {
  'grpc.keepalive_permit_without_calls': { js: 'client', core: 'both', strict: 1 },
  'grpc.service_config_disable_resolution': { ...clients, strict: 1 },
  'grpc.use_local_subchannel_pool': clients,
  'grpc.enable_http_proxy': { ...clients, strict: 0 },
  'grpc.enable_channelz': { ...both, strict: 0 },
  'grpc.enable_retries': { ...clients, strict: 0 },
  'grpc-node.tls_enable_trace': jsBoth,
  'grpc.server_call_metric_recording': servers,
  'grpc.census': coreBoth,
  'grpc.loadreporting': coreBoth,
  'grpc.minimal_stack': coreBoth,
  'grpc.per_message_compression': coreBoth,
  'grpc.per_message_decompression': coreBoth,
  'grpc.http2.bdp_probe': coreBoth,
  'grpc.http2.true_binary': coreBoth,
  'grpc.experimental.http2.enable_preferred_frame_size': coreBoth,
  'grpc.experimental.tcp_tx_zerocopy_enabled': coreBoth,
  'grpc.experimental.enable_hedging': coreClient,
  'grpc.so_reuseport': coreServer,
  'grpc.expand_wildcard_addrs': coreServer,
  'grpc.use_cronet_packet_coalescing': coreBoth,
  'grpc.workaround.cronet_compression': coreBoth,
  'grpc.disable_client_authority_filter': coreClient,
  'grpc.surface_user_agent': coreBoth,
  'grpc.inhibit_health_checking': coreClient,
  'grpc.dns_enable_srv_queries': coreClient,
  'grpc.security_frame_allowed': coreBoth,
};

const strings: Readonly<Record<string, Omit<ArgumentSpec, 'type'>>> = {
  'grpc.service_config': clients,
  'grpc.default_authority': clients,
  'grpc.primary_user_agent': clients,
  'grpc.secondary_user_agent': clients,
  'grpc.ssl_target_name_override': clients,
  'grpc.http_connect_target': { js: 'client' },
  'grpc.http_connect_creds': { js: 'client' },
  'grpc.lb_policy_name': {
    ...coreClient,
    instead: 'grpc-js takes the policy from "loadBalancingConfig" in "grpc.service_config" alone.',
  },
  'grpc.http_proxy': {
    ...coreClient,
    instead: 'grpc-js reads the environment: grpc_proxy, https_proxy, http_proxy.',
  },
  'grpc.address_http_proxy': coreClient,
  'grpc.address_http_proxy_enabled_addresses': coreClient,
  'grpc.http2_scheme': coreClient,
  'grpc.optimization_target': coreClient,
  'grpc.channel_pooling_domain': coreClient,
  'grpc.TEST_ONLY_DO_NOT_USE_IN_PROD.xds_bootstrap_config': coreClient,
};

/** Values that are objects of the language: their type is not looked at. */
const pointers: Readonly<Record<string, Omit<ArgumentSpec, 'type'>>> = {
  'grpc.ssl_session_cache': coreBoth,
  'grpc.resource_quota': coreBoth,
  'grpc.socket_mutator': coreBoth,
  'grpc.socket_factory': coreBoth,
  'grpc.experimental.grpclb_channel_args': coreBoth,
  'grpc.authorization_policy_provider': coreBoth,
  'grpc.event_engine_use_memory_allocator_factory': coreBoth,
  'grpc.experimental.stats_plugins': coreBoth,
  'grpc.mobile_log_context': coreBoth,
};

function typed(
  type: ArgumentSpec['type'],
  specs: Readonly<Record<string, Omit<ArgumentSpec, 'type'>>>,
): [string, ArgumentSpec][] {
  return Object.entries(specs).map(([key, spec]) => [key, { ...spec, type }]);
}

export const channelArguments: ReadonlyMap<string, ArgumentSpec> = new Map([
  ...typed('integer', integers),
  ...typed('flag', flags),
  ...typed('string', strings),
  ...typed('pointer', pointers),
]);

/** Keys that are written often and were never one, or are none any more. */
export const formerKeys: ReadonlyMap<string, string> = new Map([
  ['grpc.max_message_length', 'grpc.max_receive_message_length'],
  ['grpc.max_message_size', 'grpc.max_receive_message_length'],
  ['grpc.max_receive_message_size', 'grpc.max_receive_message_length'],
  ['grpc.max_recv_message_size', 'grpc.max_receive_message_length'],
  ['grpc.max_send_message_size', 'grpc.max_send_message_length'],
  ['grpc.keepalive_without_calls', 'grpc.keepalive_permit_without_calls'],
  ['grpc.http2.keepalive_time', 'grpc.keepalive_time_ms'],
  ['grpc.idle_timeout_ms', 'grpc.client_idle_timeout_ms'],
  ['grpc.user_agent', 'grpc.primary_user_agent'],
  ['grpc.authority', 'grpc.default_authority'],
]);
