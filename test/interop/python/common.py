"""What the server with threads and the one with asyncio share: all that doesn't wait."""

import argparse

import grpc
from google.protobuf import any_pb2, duration_pb2, json_format
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status
from interop.v1 import book_pb2, library_pb2

LIBRARY = library_pb2.DESCRIPTOR.services_by_name["Library"].full_name
SERVICES = [LIBRARY, health.SERVICE_NAME, reflection.SERVICE_NAME]
HEALTH = {
    "": health_pb2.HealthCheckResponse.SERVING,
    LIBRARY: health_pb2.HealthCheckResponse.NOT_SERVING,
}
CODES = {code.value[0]: code for code in grpc.StatusCode}


class BadJson(Exception):
    """A book that can't be written as JSON, or JSON that is no book."""


def print_book(book):
    try:
        return library_pb2.JsonText(text=json_format.MessageToJson(book))
    except (json_format.Error, TypeError, ValueError) as error:
        raise BadJson(str(error)) from error


def read_book(json):
    try:
        return json_format.Parse(json.text, book_pb2.Book())
    except json_format.ParseError as error:
        raise BadJson(str(error)) from error


def books(request):
    """The books that are sent until the end, or until the request wants a failure."""
    cover = (b"cover " * (request.cover_size // 6 + 1))[: request.cover_size]
    for number in range(min(request.count, request.fail_after or request.count)):
        yield book_pb2.Book(name=f"books/{number}", pages=number, cover=cover)


def fails(request):
    return 0 < request.fail_after < request.count


def detailed_status(request):
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
    return rpc_status.to_status(status)


def inspect(request, context):
    """The response, the initial metadata and the trailing metadata."""
    response = library_pb2.InspectResponse()
    echoed = []
    for key, value in context.invocation_metadata():
        data = value if isinstance(value, bytes) else value.encode()
        response.metadata.add(key=key, value=data)
        if key.startswith("x-"):
            echoed.append((key, value))
    remaining = context.time_remaining()
    # Without a deadline the server with threads counts to the end of gRPC's time.
    if remaining is not None and remaining < 1e9:
        response.remaining = int(remaining * 1000)
    large = "a~" * (request.header_size // 2)
    return response, [*echoed, *([("x-large", large)] if large else [])], echoed


def argument_parser():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cert", help="PEM file with the certificate to serve TLS with")
    parser.add_argument("--key", help="PEM file with the key of --cert")
    parser.add_argument("--client-ca", help="PEM file with the authority of client certificates")
    parser.add_argument("--max-connection-age", type=int, help="milliseconds")
    parser.add_argument("--max-connection-age-grace", type=int, default=1000, help="milliseconds")
    parser.add_argument("--max-receive-size", type=int, help="bytes")
    return parser


def options(arguments):
    chosen = []
    if arguments.max_connection_age:
        chosen.append(("grpc.max_connection_age_ms", arguments.max_connection_age))
        chosen.append(("grpc.max_connection_age_grace_ms", arguments.max_connection_age_grace))
    if arguments.max_receive_size:
        chosen.append(("grpc.max_receive_message_length", arguments.max_receive_size))
    return chosen


def add_port(server, arguments):
    """Has the server listen on a free port of the loopback interface, and gives the port."""
    address = "127.0.0.1:0"
    tls = credentials(arguments)
    return server.add_secure_port(address, tls) if tls else server.add_insecure_port(address)


def credentials(arguments):
    if not arguments.cert:
        return None
    with open(arguments.key, "rb") as key, open(arguments.cert, "rb") as cert:
        pairs = [(key.read(), cert.read())]
    if not arguments.client_ca:
        return grpc.ssl_server_credentials(pairs)
    with open(arguments.client_ca, "rb") as authority:
        return grpc.ssl_server_credentials(pairs, authority.read(), require_client_auth=True)
