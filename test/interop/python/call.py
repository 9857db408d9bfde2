"""Makes calls as people write them, and prints how many milliseconds each has left: 0 without a deadline.

Takes the address of server.py; needs the same module path.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import grpc
from interop.v1 import library_pb2, library_pb2_grpc

REQUEST = library_pb2.InspectRequest()


def sync(address):
    with grpc.insecure_channel(address) as channel:
        stub = library_pb2_grpc.LibraryStub(channel)
        print(stub.Inspect(REQUEST).remaining)
        print(stub.Inspect(REQUEST, None, [("x-id", "1")]).remaining)
        print(
            stub.Inspect(
                REQUEST,
                metadata=(("x-id", "1"),),  # for the log
            ).remaining
        )
        print(stub.Inspect.future(REQUEST).result().remaining)
        print(stub.Inspect.with_call(REQUEST, timeout=None)[0].remaining)
        print(partial(stub.Inspect, metadata=[])(REQUEST).remaining)
        with ThreadPoolExecutor() as pool:
            print(pool.submit(stub.Inspect, REQUEST).result().remaining)


async def awaited(address):
    async with grpc.aio.insecure_channel(address) as channel:
        stub = library_pb2_grpc.LibraryStub(channel)
        print((await stub.Inspect(REQUEST)).remaining)
        answers = await asyncio.gather(*(stub.Inspect(request) for request in [REQUEST]))
        print(answers[0].remaining)


sync(sys.argv[1])
asyncio.run(awaited(sys.argv[1]))
