require 'google/protobuf/well_known_types'
require 'google/rpc/error_details_pb'
require 'google/rpc/status_pb'
require 'interop/v1/library_services_pb'

# What ../proto promises.
class Library < Interop::V1::Library::Service
  include Interop::V1

  def echo_book(book, _call)
    book
  end

  def print_book(book, _call)
    JsonText.new(text: Book.encode_json(book))
  rescue Google::Protobuf::ParseError => e
    raise GRPC::InvalidArgument, e.message
  end

  def read_book(json, _call)
    Book.decode_json(json.text)
  rescue Google::Protobuf::ParseError => e
    raise GRPC::InvalidArgument, e.message
  end

  def list_books(request, call)
    # Is not sent: it tells C core, below the gem, to compress.
    call.merge_metadata_to_send('grpc-internal-encoding-request' => 'gzip') if request.gzip
    cover = 'cover '.b * (request.cover_size / 6 + 1)
    cover = cover[0, request.cover_size]
    Enumerator.new do |books|
      request.count.times do |number|
        if request.fail_after.positive? && number == request.fail_after
          raise GRPC::Aborted, "stopped after #{number} books"
        end
        books << Book.new(name: "books/#{number}", pages: number, cover: cover)
      end
      wait_for_end(call) if request.stay
    end
  end

  def add_books(call)
    response = AddBooksResponse.new
    call.each_remote_read do |book|
      response.count += 1
      response.pages += book.pages
    end
    response
  end

  def discuss(remarks)
    remarks
  end

  def fail(request, _call)
    raise GRPC::BadStatus.new(request.code, request.message, request.details ? details(request) : {})
  end

  def wait(_request, call)
    wait_for_end(call)
    Google::Protobuf::Empty.new
  end

  def inspect(request, call)
    received = call.metadata.flat_map { |key, values| Array(values).map { |value| [key, value] } }
    echoed = call.metadata.select { |key, _| key.start_with?('x-') }
    call.output_metadata.update(echoed)
    large = 'a~' * (request.header_size / 2)
    call.send_initial_metadata(large.empty? ? echoed : echoed.merge('x-large' => large))
    InspectResponse.new(
      metadata: received.map { |key, value| MetadataValue.new(key: key, value: value.b) },
      remaining: ((remaining(call) || 0) * 1000).floor
    )
  end

  # The gem's own would do, but it calls the `fail` of every object, and here that is an RPC.
  def burn(_book, _call)
    raise GRPC::Unimplemented
  end

  private

  def details(request)
    parts = [
      Google::Rpc::ErrorInfo.new(
        reason: 'SHELF_FULL',
        domain: 'library.example',
        metadata: { 'shelf' => '9007199254740993' }
      ),
      Google::Rpc::BadRequest.new(
        field_violations: [
          Google::Rpc::BadRequest::FieldViolation.new(
            field: 'book.pages',
            description: 'must not be negative'
          )
        ]
      ),
      Google::Rpc::RetryInfo.new(
        retry_delay: Google::Protobuf::Duration.new(seconds: 1, nanos: 500_000_000)
      ),
      Book.new(name: 'books/1', pages: 9_007_199_254_740_993)
    ]
    status = Google::Rpc::Status.new(
      code: request.code,
      message: request.message,
      details: parts.map { |part| Google::Protobuf::Any.pack(part) }
    )
    { 'grpc-status-details-bin' => Google::Rpc::Status.encode(status) }
  end

  # A handler isn't told that its call was cancelled, so it sleeps until C core has ended the call at its deadline.
  def wait_for_end(call)
    seconds = remaining(call)
    seconds ? sleep(seconds + 1) : sleep
  end

  # Seconds; nil without a deadline, which the gem tells as a time in 1969.
  def remaining(call)
    [call.deadline - Time.now, 0].max if call.deadline.to_i.positive?
  end
end
