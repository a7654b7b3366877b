"""Misbehaving clients, in their own process: `python bad_clients.py PORT NUMBER_OF_EACH_KIND`.

They run until standard input ends; then the ends of their connections are printed by kind as one line of JSON.
"""

import asyncio
import json
import socket
import struct
import sys
from collections import Counter
from collections.abc import Awaitable, Callable

# The pause of a slow client after each byte that it sends or receives.
PAUSE_SECONDS = 0.2
# The time before an aborting client resets its connection.
ABORT_SECONDS = 0.1
SMALL_BUFFER_BYTES = 4096
PIPELINED_REQUESTS = 100
PATH = "/client/v4/accounts/a1/access/groups"
HEAD = "Host: 127.0.0.1\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\n"
# The largest possible response.
LARGE_PAGE = f"GET {PATH}?per_page=1000 HTTP/1.1\r\n{HEAD}\r\n".encode()
LONG_BODY = b'{"name":"' + b"x" * 2000 + b'","include":[{"everyone":{}}]}'
CREATE = f"POST {PATH} HTTP/1.1\r\n{HEAD}Content-Length: {len(LONG_BODY)}\r\n\r\n".encode()

loop: asyncio.AbstractEventLoop


async def silent(connection: socket.socket) -> str:
    """Connects and sends nothing."""
    return outcome(await loop.sock_recv(connection, 1024))


async def one_byte(connection: socket.socket) -> str:
    """Sends only the first byte of a request."""
    await loop.sock_sendall(connection, b"P")
    return outcome(await loop.sock_recv(connection, 1024))


async def slow_headers(connection: socket.socket) -> str:
    """Sends request headers byte by byte."""
    return await send_slowly(connection, LARGE_PAGE[:-4] + b"\r\nX-Long: " + b"x" * 4000)


async def slow_body(connection: socket.socket) -> str:
    """Sends a request body byte by byte."""
    await loop.sock_sendall(connection, CREATE)
    return await send_slowly(connection, LONG_BODY)


async def slow_reader(connection: socket.socket) -> str:
    """Requests a large response, and reads it byte by byte."""
    await loop.sock_sendall(connection, LARGE_PAGE)
    while await loop.sock_recv(connection, 1):
        await asyncio.sleep(PAUSE_SECONDS)
    return "closed"


async def no_reader(connection: socket.socket) -> str:
    """Requests large responses continuously, and reads none."""
    while True:
        await loop.sock_sendall(connection, LARGE_PAGE * PIPELINED_REQUESTS)
        # Without a pause the other clients would get no time.
        await asyncio.sleep(PAUSE_SECONDS)


async def aborting(connection: socket.socket) -> str:
    """Resets the connection in the middle of a body."""
    await loop.sock_sendall(connection, CREATE + LONG_BODY[:100])
    await asyncio.sleep(ABORT_SECONDS)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return "aborted"


KINDS = [silent, one_byte, slow_headers, slow_body, slow_reader, no_reader, aborting]


async def send_slowly(connection: socket.socket, data: bytes) -> str:
    """Sends byte by byte until the server responds or closes the connection."""
    received = asyncio.ensure_future(loop.sock_recv(connection, 1024))
    try:
        for byte in data:
            await loop.sock_sendall(connection, bytes([byte]))
            await asyncio.wait([received], timeout=PAUSE_SECONDS)
            if received.done():
                break
        return outcome(await received)
    finally:
        received.cancel()


def outcome(data: bytes) -> str:
    """Returns the status of the response, or `closed`."""
    return data.split(b" ", 2)[1].decode() if data.startswith(b"HTTP/") else "closed"


async def run_repeatedly(kind: Callable[[socket.socket], Awaitable[str]], port: int, ends: Counter) -> None:
    """Opens one connection after another."""
    while True:
        with socket.socket() as connection:
            connection.setblocking(False)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
            try:
                await loop.sock_connect(connection, ("127.0.0.1", port))
                ends["opened"] += 1
                ends[await kind(connection)] += 1
            except ConnectionRefusedError:
                ends["refused"] += 1
                await asyncio.sleep(PAUSE_SECONDS)
            except OSError:
                ends["closed"] += 1


async def main(port: int, number_of_each_kind: int) -> None:
    global loop
    loop = asyncio.get_running_loop()
    ends = {kind.__name__: Counter() for kind in KINDS}
    tasks = [
        asyncio.create_task(run_repeatedly(kind, port, ends[kind.__name__]))
        for kind in KINDS for _ in range(number_of_each_kind)
    ]
    await loop.run_in_executor(None, sys.stdin.read)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(json.dumps(ends))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
