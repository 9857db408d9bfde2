# What protoc makes of a part of market.proto, with messages that need no generator, and a server on a free port.
require 'grpc'
require 'google/protobuf/empty_pb'
require 'google/protobuf/wrappers_pb'

module Market
  module V1
    # Tells how much time the call has left.
    module ListingService
      Remaining = Google::Protobuf::DoubleValue

      class Service
        include GRPC::GenericService

        self.marshal_class_method = :encode
        self.unmarshal_class_method = :decode
        self.service_name = 'market.v1.ListingService'

        rpc :GetListing, Google::Protobuf::Empty, Remaining
        rpc :SearchListings, Google::Protobuf::Empty, stream(Remaining)
        rpc :UploadPhotos, stream(Google::Protobuf::Empty), Remaining
        rpc :Negotiate, stream(Google::Protobuf::Empty), stream(Remaining)
      end

      Stub = Service.rpc_stub_class
    end
  end
end

class Listings < Market::V1::ListingService::Service
  def get_listing(_request, call)
    sleep 5 if call.metadata['x-slow']
    remaining(call)
  end

  def search_listings(_request, call)
    [remaining(call)]
  end

  def upload_photos(call)
    call.each_remote_read.to_a
    remaining(call)
  end

  def negotiate(requests, call)
    requests.to_a
    [remaining(call)]
  end

  private

  # Without a deadline it is in 1969 or the end of time.
  def remaining(call)
    seconds = call.deadline - Time.now
    Market::V1::ListingService::Remaining.new(value: seconds.between?(0, 1e6) ? seconds : -1)
  end
end

# Gives the block the address of a server.
def with_server
  server = GRPC::RpcServer.new
  port = server.add_http2_port('127.0.0.1:0', :this_port_is_insecure)
  server.handle(Listings.new)
  thread = Thread.new { server.run }
  server.wait_till_running
  yield "127.0.0.1:#{port}"
ensure
  server.stop
  thread&.join
end
