# Makes calls as people write them, and prints how much time each has left as the server sees it: below 0 for ever.
require_relative 'market'

request = Google::Protobuf::Empty.new

with_server do |address|
  stub = Market::V1::ListingService::Stub.new(address, :this_channel_is_insecure)

  puts stub.get_listing(request).value
  puts stub.get_listing(
    request,
    metadata: { 'x-id' => '1' },
  ).value
  puts stub.get_listing(request, { metadata: {} }).value
  stub.search_listings(request) { |found| puts found.value }
  stub.search_listings(request, deadline: nil).each do |found|
    puts found.value
  end
  puts stub.upload_photos([request]).value
  stub.negotiate([request].each) { |found| puts found.value }
  operation = stub.get_listing request, return_op: true
  puts operation.execute.value
  puts stub.public_send(:get_listing, request).value
end
