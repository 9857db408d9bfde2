# A gRPC server as it is usually written in Ruby, for Frameline to be tried against.
#
# It listens on a free port of the loopback interface, prints its address as the first line of its standard
# output, and ends when its standard input does. Needs the code that protoc makes from ../proto on the load path.
require 'grpc'
require 'grpc/health/checker'
require 'optparse'
require_relative 'library'

def options
  { grace: 1000 }.tap do |options|
    OptionParser.new do |parser|
      parser.on('--cert=FILE', 'PEM file with the certificate to serve TLS with') { options[:cert] = _1 }
      parser.on('--key=FILE', 'PEM file with the key of --cert') { options[:key] = _1 }
      parser.on('--client-ca=FILE', 'PEM file with the authority of client certificates') { options[:client_ca] = _1 }
      parser.on('--max-connection-age=MS', Integer, 'milliseconds') { options[:age] = _1 }
      parser.on('--max-connection-age-grace=MS', Integer, 'milliseconds') { options[:grace] = _1 }
      parser.on('--max-receive-size=BYTES', Integer, 'bytes') { options[:size] = _1 }
    end.parse!
  end
end

def credentials(cert: nil, key: nil, client_ca: nil, **)
  return :this_port_is_insecure unless cert

  pair = { private_key: File.read(key), cert_chain: File.read(cert) }
  GRPC::Core::ServerCredentials.new(client_ca && File.read(client_ca), [pair], !client_ca.nil?)
end

def channel_arguments(grace:, age: nil, size: nil, **)
  {
    'grpc.max_connection_age_ms' => age,
    'grpc.max_connection_age_grace_ms' => age && grace,
    'grpc.max_receive_message_length' => size
  }.compact
end

def health
  Grpc::Health::Checker.new.tap do |checker|
    statuses = Grpc::Health::V1::HealthCheckResponse::ServingStatus
    checker.add_statuses('' => statuses::SERVING, Library.service_name => statuses::NOT_SERVING)
  end
end

chosen = options
server = GRPC::RpcServer.new(server_args: channel_arguments(**chosen))
port = server.add_http2_port('127.0.0.1:0', credentials(**chosen))
server.handle(Library.new)
server.handle(health)
running = Thread.new { server.run }
server.wait_till_running
puts "127.0.0.1:#{port}"
$stdout.flush
# Whoever started this server holds the other end, and loses it by dying, too.
$stdin.read
server.stop
running.join
