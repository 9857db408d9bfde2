"""A gRPC server as it is usually written in Python, for Frameline to be tried against.

It listens on a free port of the loopback interface, prints its address as the first line of its standard
output, and ends when its standard input does. Needs requirements.txt and the code that protoc makes from
../proto on the module path.
"""

import argparse
import sys
import threading
from concurrent import futures

import grpc
from google.protobuf import any_pb2, duration_pb2, empty_pb2, json_format
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status
from interop.v1 import book_pb2, library_pb2, library_pb2_grpc


class Library(library_pb2_grpc.LibraryServicer):
    def EchoBook(self, request, context):
        return request

    def PrintBook(self, request, context):
        try:
            return library_pb2.JsonText(text=json_format.MessageToJson(request))
        except (json_format.Error, TypeError, ValueError) as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    def ReadBook(self, request, context):
        try:
            return json_format.Parse(request.text, book_pb2.Book())
        except json_format.ParseError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    def ListBooks(self, request, context):
        if request.gzip:
            context.set_compression(grpc.Compression.Gzip)
        cover = (b"cover " * (request.cover_size // 6 + 1))[: request.cover_size]
        for number in range(request.count):
            if request.fail_after and number == request.fail_after:
                context.abort(grpc.StatusCode.ABORTED, f"stopped after {number} books")
            yield book_pb2.Book(name=f"books/{number}", pages=number, cover=cover)
        if request.stay:
            wait_for_end(context)

    def AddBooks(self, request_iterator, context):
        response = library_pb2.AddBooksResponse()
        for book in request_iterator:
            response.count += 1
            response.pages += book.pages
        return response

    def Discuss(self, request_iterator, context):
        yield from request_iterator

    def Fail(self, request, context):
        codes = {code.value[0]: code for code in grpc.StatusCode}
        if not request.details:
            context.abort(codes[request.code], request.message)
        violation = error_details_pb2.BadRequest.FieldViolation(
            field="book.pages", description="must not be negative"
        )
        details = [
            error_details_pb2.ErrorInfo(
                reason="SHELF_FULL",
                domain="library.example",
                metadata={"shelf": "9007199254740993"},
            ),
            error_details_pb2.BadRequest(field_violations=[violation]),
            error_details_pb2.RetryInfo(
                retry_delay=duration_pb2.Duration(seconds=1, nanos=500_000_000)
            ),
            book_pb2.Book(name="books/1", pages=9007199254740993),
        ]
        status = status_pb2.Status(code=request.code, message=request.message)
        for detail in details:
            packed = any_pb2.Any()
            packed.Pack(detail)
            status.details.append(packed)
        context.abort_with_status(rpc_status.to_status(status))

    def Wait(self, request, context):
        wait_for_end(context)
        return empty_pb2.Empty()

    def Inspect(self, request, context):
        response = library_pb2.InspectResponse()
        echoed = []
        for key, value in context.invocation_metadata():
            data = value if isinstance(value, bytes) else value.encode()
            response.metadata.add(key=key, value=data)
            if key.startswith("x-"):
                echoed.append((key, value))
        remaining = context.time_remaining()
        # Without a deadline it counts to the end of gRPC's time.
        if remaining is not None and remaining < 1e9:
            response.remaining = int(remaining * 1000)
        large = "a~" * (request.header_size // 2)
        context.send_initial_metadata([*echoed, *([("x-large", large)] if large else [])])
        context.set_trailing_metadata(echoed)
        return response


def wait_for_end(context):
    ended = threading.Event()
    if context.add_callback(ended.set):
        ended.wait()


class RequireAuthorization(grpc.ServerInterceptor):
    """Lets no one read the reflection service without the right `authorization`."""

    def __init__(self, value):
        self.value = value

    def intercept_service(self, continuation, handler_call_details):
        if not handler_call_details.method.startswith("/grpc.reflection."):
            return continuation(handler_call_details)
        if ("authorization", self.value) in handler_call_details.invocation_metadata:
            return continuation(handler_call_details)

        def refuse(request_iterator, context):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "reflection needs authorization")

        return grpc.stream_stream_rpc_method_handler(refuse)


def credentials(arguments):
    if not arguments.cert:
        return None
    with open(arguments.key, "rb") as key, open(arguments.cert, "rb") as cert:
        pairs = [(key.read(), cert.read())]
    if not arguments.client_ca:
        return grpc.ssl_server_credentials(pairs)
    with open(arguments.client_ca, "rb") as authority:
        return grpc.ssl_server_credentials(pairs, authority.read(), require_client_auth=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cert", help="PEM file with the certificate to serve TLS with")
    parser.add_argument("--key", help="PEM file with the key of --cert")
    parser.add_argument("--client-ca", help="PEM file with the authority of client certificates")
    parser.add_argument("--authorization", help="value that reflection needs in `authorization`")
    parser.add_argument("--max-connection-age", type=int, help="milliseconds")
    parser.add_argument("--max-connection-age-grace", type=int, default=1000, help="milliseconds")
    arguments = parser.parse_args()

    options = []
    if arguments.max_connection_age:
        options.append(("grpc.max_connection_age_ms", arguments.max_connection_age))
        options.append(("grpc.max_connection_age_grace_ms", arguments.max_connection_age_grace))
    interceptors = []
    if arguments.authorization:
        interceptors.append(RequireAuthorization(arguments.authorization))
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16), interceptors=interceptors, options=options
    )
    library_pb2_grpc.add_LibraryServicer_to_server(Library(), server)
    checks = health.HealthServicer()
    checks.set("", health_pb2.HealthCheckResponse.SERVING)
    checks.set("interop.v1.Library", health_pb2.HealthCheckResponse.NOT_SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    names = [
        library_pb2.DESCRIPTOR.services_by_name["Library"].full_name,
        health.SERVICE_NAME,
        reflection.SERVICE_NAME,
    ]
    reflection.enable_server_reflection(names, server)

    tls = credentials(arguments)
    address = "127.0.0.1:0"
    port = server.add_secure_port(address, tls) if tls else server.add_insecure_port(address)
    server.start()
    print(f"127.0.0.1:{port}", flush=True)
    # Whoever started this server holds the other end, and loses it by dying, too.
    sys.stdin.read()
    server.stop(None).wait()


if __name__ == "__main__":
    main()
