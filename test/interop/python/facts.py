"""What the linter takes for granted about grpcio, tried with it: each line ends in yes or no.

Takes the address of server.py; needs the same module path.
"""

import asyncio
import datetime
import functools
import sys

import grpc
from google.protobuf import empty_pb2
from interop.v1 import book_pb2, library_pb2, library_pb2_grpc

ADDRESS = sys.argv[1]
REQUEST = library_pb2.InspectRequest()
EXCEEDED = grpc.StatusCode.DEADLINE_EXCEEDED


def fact(what, holds):
    print(f"{what}: {'yes' if holds else 'no'}")


def status(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except grpc.RpcError as error:
        return error.code()
    except (TypeError, ValueError) as error:
        return type(error)
    return grpc.StatusCode.OK


def stub(interceptors=(), **options):
    channel = grpc.insecure_channel(ADDRESS, **options)
    return library_pb2_grpc.LibraryStub(grpc.intercept_channel(channel, *interceptors))


def configured(text):
    return stub(options=[("grpc.service_config", text)])


def send_with_limit(value):
    large = book_pb2.Book(name="x" * 1000)
    return status(stub(options=[("grpc.max_send_message_length", value)]).EchoBook, large, timeout=5)


class FiveSeconds(grpc.UnaryUnaryClientInterceptor):
    def intercept_unary_unary(self, continuation, client_call_details, request):
        return continuation(client_call_details._replace(timeout=5), request)


inspect = stub().Inspect
fact("a call has no deadline by default", inspect(REQUEST).remaining == 0)
fact("timeout is in seconds", 0 < inspect(REQUEST, timeout=5).remaining < 6000)
fact("the second argument is the timeout", 0 < inspect(REQUEST, 5).remaining < 6000)
fact("None sets none", inspect(REQUEST, timeout=None).remaining == 0)
fact("future takes it", 0 < inspect.future(REQUEST, timeout=5).result().remaining)
fact("with_call takes it", 0 < inspect.with_call(REQUEST, timeout=5)[0].remaining)
fact("partial hands it on", 0 < functools.partial(inspect, timeout=5)(REQUEST).remaining)
fact("0 is too short", EXCEEDED in [status(inspect, REQUEST, timeout=0) for _ in range(300)])
fact("below 0 has passed", status(inspect, REQUEST, timeout=-1) == EXCEEDED)
fact("infinity overflows", status(inspect, REQUEST, timeout=float("inf")) == EXCEEDED)
fact("300 years overflow", status(inspect, REQUEST, timeout=300 * 366 * 86400) == EXCEEDED)
fact("a timedelta is refused", status(inspect, REQUEST, timeout=datetime.timedelta(seconds=5)) is TypeError)
fact("a datetime is refused", status(inspect, REQUEST, timeout=datetime.datetime.now()) is TypeError)
fact("a string is refused", status(inspect, REQUEST, timeout="5") is TypeError)
fact("deadline is refused", status(inspect, REQUEST, deadline=5) is TypeError)
fact("an integer limits", send_with_limit(10) == grpc.StatusCode.RESOURCE_EXHAUSTED)
fact("True is 1", send_with_limit(True) == grpc.StatusCode.RESOURCE_EXHAUSTED)
fact("a string is ignored", send_with_limit("10") == grpc.StatusCode.OK)
fact("a float is ignored", send_with_limit(10.5) == grpc.StatusCode.OK)
fact("a dict of options is refused", status(stub, options={"grpc.enable_retries": 1}) is ValueError)
fact("a dict for a service config is refused", status(configured, {"a": 1}) is TypeError)
config = '{"methodConfig":[{"name":[{"service":"interop.v1.Library"}],"timeout":"0.2s"}]}'
fact("a service config gives a deadline", status(configured(config).Wait, empty_pb2.Empty()) == EXCEEDED)
fact("an interceptor gives a deadline", 0 < stub([FiveSeconds()]).Inspect(REQUEST).remaining < 6000)


async def awaited():
    async with grpc.aio.insecure_channel(ADDRESS) as channel:
        library = library_pb2_grpc.LibraryStub(channel)
        fact("an awaited call has none by default", (await library.Inspect(REQUEST)).remaining == 0)
        fact("an awaited call takes it", 0 < (await library.Inspect(REQUEST, timeout=5)).remaining)
        fact("an awaited call takes no position", status(library.Inspect, REQUEST, 5) is TypeError)
        fact("nor does a server's stream", status(library.ListBooks, library_pb2.ListBooksRequest(), 5) is TypeError)
        added = await library.AddBooks(iter([book_pb2.Book()]), 5)
        fact("a client's stream takes the position", added.count == 1)
        try:
            await asyncio.wait_for(library.Wait(empty_pb2.Empty()), 0.2)
        except asyncio.TimeoutError:
            fact("wait_for ends it", True)


asyncio.run(awaited())
