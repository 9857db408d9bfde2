"""A gRPC server as it is usually written in Python, for Frameline to be tried against.

It listens on a free port of the loopback interface, prints its address as the first line of its standard
output, and ends when its standard input does. Needs requirements.txt and the code that protoc makes from
../proto on the module path.
"""

import sys
import threading
from concurrent import futures

import common
import grpc
from google.protobuf import empty_pb2
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from interop.v1 import library_pb2, library_pb2_grpc


class Library(library_pb2_grpc.LibraryServicer):
    def EchoBook(self, request, context):
        return request

    def PrintBook(self, request, context):
        try:
            return common.print_book(request)
        except common.BadJson as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    def ReadBook(self, request, context):
        try:
            return common.read_book(request)
        except common.BadJson as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    def ListBooks(self, request, context):
        if request.gzip:
            context.set_compression(grpc.Compression.Gzip)
        yield from common.books(request)
        if common.fails(request):
            context.abort(grpc.StatusCode.ABORTED, f"stopped after {request.fail_after} books")
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
        if request.details:
            context.abort_with_status(common.detailed_status(request))
        context.abort(common.CODES[request.code], request.message)

    def Wait(self, request, context):
        wait_for_end(context)
        return empty_pb2.Empty()

    def Inspect(self, request, context):
        response, headers, trailers = common.inspect(request, context)
        context.send_initial_metadata(headers)
        context.set_trailing_metadata(trailers)
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


def main():
    parser = common.argument_parser()
    parser.add_argument("--authorization", help="value that reflection needs in `authorization`")
    arguments = parser.parse_args()

    interceptors = []
    if arguments.authorization:
        interceptors.append(RequireAuthorization(arguments.authorization))
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16),
        interceptors=interceptors,
        options=common.options(arguments),
    )
    library_pb2_grpc.add_LibraryServicer_to_server(Library(), server)
    checks = health.HealthServicer()
    for service, status in common.HEALTH.items():
        checks.set(service, status)
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection(common.SERVICES, server)

    port = common.add_port(server, arguments)
    server.start()
    print(f"127.0.0.1:{port}", flush=True)
    # Whoever started this server holds the other end, and loses it by dying, too.
    sys.stdin.read()
    server.stop(None).wait()


if __name__ == "__main__":
    main()
