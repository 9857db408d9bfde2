# What the linter takes for granted about the grpc gem, tried with the gem itself: each line ends in yes or no.
require_relative 'market'

REQUEST = Google::Protobuf::Empty.new
STUB = Market::V1::ListingService::Stub

def fact(what)
  puts "#{what}: #{yield ? 'yes' : 'no'}"
end

def fails_with(type, text = '')
  yield
  false
rescue StandardError, NotImplementedError => e
  e.is_a?(type) && e.message.include?(text)
end

# A time of another class than Time, as ActiveSupport::TimeWithZone is one.
class OtherTime
  def to_time
    Time.now + 5
  end
end

with_server do |address|
  made = ->(**options) { STUB.new(address, :this_channel_is_insecure, **options) }
  stub = made.call
  over = GRPC::DeadlineExceeded
  consts = GRPC::Core::TimeConsts

  fact('a call has no deadline by default') { stub.get_listing(REQUEST).value.negative? }
  fact('deadline: takes a Time') { stub.get_listing(REQUEST, deadline: Time.now + 5).value.between?(0, 6) }
  fact('options may be a hash') { stub.get_listing(REQUEST, { deadline: Time.now + 5 }).value.positive? }
  fact('deadline: takes seconds since 1970') { stub.get_listing(REQUEST, deadline: Time.now.to_f + 5).value.positive? }
  fact('deadline: nil sets none') { stub.get_listing(REQUEST, deadline: nil).value.negative? }
  fact('INFINITE_FUTURE sets none') { stub.get_listing(REQUEST, deadline: consts::INFINITE_FUTURE).value.negative? }
  fact('a small number has passed') { fails_with(over) { stub.get_listing(REQUEST, deadline: 5) } }
  fact('ZERO has passed') { fails_with(over) { stub.get_listing(REQUEST, deadline: consts::ZERO) } }
  fact('the monotonic clock has passed') do
    now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    fails_with(over) { stub.get_listing(REQUEST, deadline: now + 5) }
  end
  fact('deadline: takes no other kind of time') do
    fails_with(TypeError) { stub.get_listing(REQUEST, deadline: OtherTime.new) }
  end
  fact('deadline: takes no string') { fails_with(TypeError) { stub.get_listing(REQUEST, deadline: '5') } }
  fact('a call takes no timeout:') { fails_with(ArgumentError, 'timeout') { stub.get_listing(REQUEST, timeout: 5) } }
  fact('a call takes no header as a keyword') do
    fails_with(ArgumentError, 'x-id') { stub.get_listing(REQUEST, 'x-id' => '1') }
  end
  fact('timeout: of a stub is for each call') { made.call(timeout: 5).get_listing(REQUEST).value.between?(0, 6) }
  fact('a deadline counts instead of it') do
    made.call(timeout: 5).get_listing(REQUEST, deadline: Time.now + 60).value > 10
  end
  fact('deadline: nil leaves it') { made.call(timeout: 5).get_listing(REQUEST, deadline: nil).value.positive? }
  fact('timeout: below 0 is for ever') { made.call(timeout: -1).get_listing(REQUEST).value.negative? }
  fact('timeout: 0 has passed') { fails_with(over) { made.call(timeout: 0).get_listing(REQUEST) } }
  fact('timeout: takes no Time') { fails_with(TypeError) { made.call(timeout: Time.now + 5).get_listing(REQUEST) } }
  fact('a stub takes no deadline:') { fails_with(ArgumentError, 'deadline') { made.call(deadline: 5) } }
  fact('a stub takes no channel argument as a keyword') do
    fails_with(ArgumentError) { made.call('grpc.keepalive_time_ms': 1) }
  end
  fact('channel_args takes no boolean') do
    fails_with(TypeError) { made.call(channel_args: { 'grpc.enable_retries' => true }) }
  end
  fact('channel_args takes symbols for keys') do
    made.call(timeout: 5, channel_args: { 'grpc.enable_retries': 1 }).get_listing(REQUEST).value.positive?
  end
  fact('channel_args takes a string for an integer') do
    made.call(timeout: 5, channel_args: { 'grpc.max_send_message_length' => '1' }).get_listing(REQUEST).value.positive?
  end
  fact('a service config gives a deadline') do
    config = '{"methodConfig":[{"name":[{}],"timeout":"0.2s"}]}'
    limited = made.call(channel_args: { 'grpc.service_config' => config })
    fails_with(over) { limited.get_listing(REQUEST, metadata: { 'x-slow' => '1' }) }
  end
end
