"""The server of server.py, as it is written with asyncio."""

import asyncio
import sys

import common
import grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from interop.v1 import library_pb2, library_pb2_grpc


class Library(library_pb2_grpc.LibraryServicer):
    async def EchoBook(self, request, context):
        return request

    async def PrintBook(self, request, context):
        try:
            return common.print_book(request)
        except common.BadJson as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    async def ReadBook(self, request, context):
        try:
            return common.read_book(request)
        except common.BadJson as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    async def ListBooks(self, request, context):
        if request.gzip:
            context.set_compression(grpc.Compression.Gzip)
        for book in common.books(request):
            yield book
        if common.fails(request):
            reason = f"stopped after {request.fail_after} books"
            await context.abort(grpc.StatusCode.ABORTED, reason)
        if request.stay:
            await until_cancelled()

    async def AddBooks(self, request_iterator, context):
        response = library_pb2.AddBooksResponse()
        async for book in request_iterator:
            response.count += 1
            response.pages += book.pages
        return response

    async def Discuss(self, request_iterator, context):
        async for remark in request_iterator:
            yield remark

    async def Fail(self, request, context):
        if request.details:
            await context.abort_with_status(common.detailed_status(request))
        await context.abort(common.CODES[request.code], request.message)

    async def Wait(self, request, context):
        await until_cancelled()

    async def Inspect(self, request, context):
        response, headers, trailers = common.inspect(request, context)
        await context.send_initial_metadata(headers)
        context.set_trailing_metadata(trailers)
        return response


async def until_cancelled():
    """A handler is cancelled when its call ends."""
    await asyncio.get_running_loop().create_future()


async def main():
    arguments = common.argument_parser().parse_args()
    server = grpc.aio.server(options=common.options(arguments))
    library_pb2_grpc.add_LibraryServicer_to_server(Library(), server)
    checks = health.aio.HealthServicer()
    for service, status in common.HEALTH.items():
        await checks.set(service, status)
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection(common.SERVICES, server)

    port = common.add_port(server, arguments)
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    # Whoever started this server holds the other end, and loses it by dying, too.
    await asyncio.to_thread(sys.stdin.read)
    await server.stop(None)


if __name__ == "__main__":
    asyncio.run(main())
