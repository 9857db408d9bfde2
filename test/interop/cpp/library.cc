#include "library.h"

#include <google/protobuf/util/json_util.h>
#include <grpcpp/support/error_details.h>

#include <chrono>
#include <string>
#include <thread>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

using google::protobuf::Empty;
using grpc::ServerContext;
using grpc::Status;
using grpc::StatusCode;
using interop::v1::AddBooksResponse;
using interop::v1::Book;
using interop::v1::FailRequest;
using interop::v1::InspectRequest;
using interop::v1::InspectResponse;
using interop::v1::JsonText;
using interop::v1::ListBooksRequest;
using interop::v1::Remark;

namespace {

Status FromJson(const google::protobuf::util::Status& status) {
  return status.ok() ? Status::OK
                     : Status(StatusCode::INVALID_ARGUMENT, std::string(status.message()));
}

void WaitForEnd(ServerContext* context) {
  // Handlers with a thread of their own are not called back.
  while (!context->IsCancelled()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::string Repeated(const std::string& text, size_t size) {
  std::string repeated;
  while (repeated.size() < size) {
    repeated += text;
  }
  repeated.resize(size);
  return repeated;
}

google::rpc::Status DetailedStatus(const FailRequest& request) {
  google::rpc::Status status;
  status.set_code(request.code());
  status.set_message(request.message());

  google::rpc::ErrorInfo info;
  info.set_reason("SHELF_FULL");
  info.set_domain("library.example");
  (*info.mutable_metadata())["shelf"] = "9007199254740993";
  status.add_details()->PackFrom(info);

  google::rpc::BadRequest bad_request;
  auto* violation = bad_request.add_field_violations();
  violation->set_field("book.pages");
  violation->set_description("must not be negative");
  status.add_details()->PackFrom(bad_request);

  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(1);
  retry.mutable_retry_delay()->set_nanos(500'000'000);
  status.add_details()->PackFrom(retry);

  Book book;
  book.set_name("books/1");
  book.set_pages(9007199254740993);
  status.add_details()->PackFrom(book);
  return status;
}

}  // namespace

Status Library::EchoBook(ServerContext*, const Book* request, Book* response) {
  *response = *request;
  return Status::OK;
}

Status Library::PrintBook(ServerContext*, const Book* request, JsonText* response) {
  return FromJson(
      google::protobuf::util::MessageToJsonString(*request, response->mutable_text()));
}

Status Library::ReadBook(ServerContext*, const JsonText* request, Book* response) {
  return FromJson(google::protobuf::util::JsonStringToMessage(request->text(), response));
}

Status Library::ListBooks(ServerContext* context, const ListBooksRequest* request,
                          grpc::ServerWriter<Book>* writer) {
  if (request->gzip()) {
    context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
  }
  Book book;
  book.set_cover(Repeated("cover ", request->cover_size()));
  for (int number = 0; number < request->count(); number++) {
    if (request->fail_after() > 0 && number == request->fail_after()) {
      return Status(StatusCode::ABORTED, "stopped after " + std::to_string(number) + " books");
    }
    book.set_name("books/" + std::to_string(number));
    book.set_pages(number);
    if (!writer->Write(book)) {
      return Status::CANCELLED;
    }
  }
  if (request->stay()) {
    WaitForEnd(context);
  }
  return Status::OK;
}

Status Library::AddBooks(ServerContext*, grpc::ServerReader<Book>* reader,
                         AddBooksResponse* response) {
  Book book;
  while (reader->Read(&book)) {
    response->set_count(response->count() + 1);
    response->set_pages(response->pages() + book.pages());
  }
  return Status::OK;
}

Status Library::Discuss(ServerContext*, grpc::ServerReaderWriter<Remark, Remark>* stream) {
  Remark remark;
  while (stream->Read(&remark) && stream->Write(remark)) {
  }
  return Status::OK;
}

Status Library::Fail(ServerContext*, const FailRequest* request, Empty*) {
  if (!request->details()) {
    return Status(static_cast<StatusCode>(request->code()), request->message());
  }
  Status status;
  grpc::SetErrorDetails(DetailedStatus(*request), &status);
  return status;
}

Status Library::Wait(ServerContext* context, const Empty*, Empty*) {
  WaitForEnd(context);
  return Status::OK;
}

Status Library::Inspect(ServerContext* context, const InspectRequest* request,
                        InspectResponse* response) {
  for (const auto& [key_ref, value_ref] : context->client_metadata()) {
    const std::string key(key_ref.data(), key_ref.size());
    const std::string value(value_ref.data(), value_ref.size());
    auto* metadata = response->add_metadata();
    metadata->set_key(key);
    metadata->set_value(value);
    if (key.rfind("x-", 0) == 0) {
      context->AddInitialMetadata(key, value);
      context->AddTrailingMetadata(key, value);
    }
  }
  if (request->header_size() > 0) {
    context->AddInitialMetadata("x-large", Repeated("a~", request->header_size()));
  }
  // Without a deadline it is the end of time.
  const auto deadline = context->deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) {
    const auto remaining = deadline - std::chrono::system_clock::now();
    response->set_remaining(
        std::chrono::duration_cast<std::chrono::milliseconds>(remaining).count());
  }
  return Status::OK;
}
