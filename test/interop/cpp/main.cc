// A gRPC server as it is usually written in C++, for Frameline to be tried against.
//
// It listens on a free port of the loopback interface, prints its address as the first line of its standard
// output, and ends when its standard input does.

#include <getopt.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

#include "library.h"

namespace {

struct Options {
  std::string cert;
  std::string key;
  std::string client_ca;
  int max_connection_age = 0;
  int max_connection_age_grace = 1000;
  int max_receive_size = 4 * 1024 * 1024;
};

Options ParseOptions(int argc, char** argv) {
  const option known[] = {
      {"cert", required_argument, nullptr, 'c'},
      {"key", required_argument, nullptr, 'k'},
      {"client-ca", required_argument, nullptr, 'C'},
      {"max-connection-age", required_argument, nullptr, 'a'},
      {"max-connection-age-grace", required_argument, nullptr, 'g'},
      {"max-receive-size", required_argument, nullptr, 's'},
      {},
  };
  Options options;
  for (int found; (found = getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    switch (found) {
      case 'c':
        options.cert = optarg;
        break;
      case 'k':
        options.key = optarg;
        break;
      case 'C':
        options.client_ca = optarg;
        break;
      case 'a':
        options.max_connection_age = std::stoi(optarg);
        break;
      case 'g':
        options.max_connection_age_grace = std::stoi(optarg);
        break;
      case 's':
        options.max_receive_size = std::stoi(optarg);
        break;
      default:
        throw std::invalid_argument("see the flags in main.cc");
    }
  }
  return options;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error("can't read " + path);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<grpc::ServerCredentials> Credentials(const Options& options) {
  if (options.cert.empty()) {
    return grpc::InsecureServerCredentials();
  }
  grpc::SslServerCredentialsOptions ssl;
  ssl.pem_key_cert_pairs.push_back({ReadFile(options.key), ReadFile(options.cert)});
  if (!options.client_ca.empty()) {
    ssl.pem_root_certs = ReadFile(options.client_ca);
    ssl.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(ssl);
}

void Run(const Options& options) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  Library library;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", Credentials(options), &port);
  builder.RegisterService(&library);
  builder.SetMaxReceiveMessageSize(options.max_receive_size);
  if (options.max_connection_age > 0) {
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, options.max_connection_age);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                               options.max_connection_age_grace);
  }
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) {
    throw std::runtime_error("can't listen");
  }
  server->GetHealthCheckService()->SetServingStatus(interop::v1::Library::service_full_name(),
                                                    false);
  std::cout << "127.0.0.1:" << port << std::endl;
  // Whoever started this server holds the other end, and loses it by dying, too.
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  server->Shutdown(std::chrono::system_clock::now());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Run(ParseOptions(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
  return 0;
}
