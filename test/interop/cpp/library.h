#pragma once

#include "interop/v1/library.grpc.pb.h"

// What ../proto promises. Burn stays as protoc made it: UNIMPLEMENTED.
class Library final : public interop::v1::Library::Service {
 public:
  grpc::Status EchoBook(grpc::ServerContext* context, const interop::v1::Book* request,
                        interop::v1::Book* response) override;
  grpc::Status PrintBook(grpc::ServerContext* context, const interop::v1::Book* request,
                         interop::v1::JsonText* response) override;
  grpc::Status ReadBook(grpc::ServerContext* context, const interop::v1::JsonText* request,
                        interop::v1::Book* response) override;
  grpc::Status ListBooks(grpc::ServerContext* context, const interop::v1::ListBooksRequest* request,
                         grpc::ServerWriter<interop::v1::Book>* writer) override;
  grpc::Status AddBooks(grpc::ServerContext* context, grpc::ServerReader<interop::v1::Book>* reader,
                        interop::v1::AddBooksResponse* response) override;
  grpc::Status Discuss(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<interop::v1::Remark, interop::v1::Remark>* stream) override;
  grpc::Status Fail(grpc::ServerContext* context, const interop::v1::FailRequest* request,
                    google::protobuf::Empty* response) override;
  grpc::Status Wait(grpc::ServerContext* context, const google::protobuf::Empty* request,
                    google::protobuf::Empty* response) override;
  grpc::Status Inspect(grpc::ServerContext* context, const interop::v1::InspectRequest* request,
                       interop::v1::InspectResponse* response) override;
};
