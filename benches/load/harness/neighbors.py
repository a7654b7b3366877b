"""Clients that behave badly, as a process of its own: `python neighbors.py PORT NUMBER_OF_EACH`.

They go on until standard input ends; then one line of JSON says what the server did about each kind.
"""

import asyncio
import json
import socket
import struct
import sys
from collections import Counter
from collections.abc import Awaitable, Callable

# A slow client sends or takes one byte, and waits that long.
PAUSE_SECONDS = 0.2
# How long one that breaks off waits before its next connection.
BREAK_SECONDS = 0.1
SMALL_BUFFER_BYTES = 4096
REQUESTS_AT_ONCE = 100
PATH = "/client/v4/accounts/a1/access/groups"
HEAD = "Host: 127.0.0.1\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\n"
# As large an answer as there is.
LARGE_PAGE = f"GET {PATH}?per_page=1000 HTTP/1.1\r\n{HEAD}\r\n".encode()
LONG_BODY = b'{"name":"' + b"x" * 2000 + b'","include":[{"everyone":{}}]}'
CREATE = f"POST {PATH} HTTP/1.1\r\n{HEAD}Content-Length: {len(LONG_BODY)}\r\n\r\n".encode()

loop: asyncio.AbstractEventLoop


async def silent(connection: socket.socket) -> str:
    """Connects and says nothing."""
    return said(await loop.sock_recv(connection, 1024))


async def one_letter(connection: socket.socket) -> str:
    """Sends the first letter of POST and no more."""
    await loop.sock_sendall(connection, b"P")
    return said(await loop.sock_recv(connection, 1024))


async def slow_head(connection: socket.socket) -> str:
    """Sends the head of a request byte by byte."""
    return await drip(connection, LARGE_PAGE[:-4] + b"\r\nX-Long: " + b"x" * 4000)


async def slow_body(connection: socket.socket) -> str:
    """Sends the head of a creation, and its body byte by byte."""
    await loop.sock_sendall(connection, CREATE)
    return await drip(connection, LONG_BODY)


async def slow_reader(connection: socket.socket) -> str:
    """Asks for a large answer, and takes it byte by byte."""
    await loop.sock_sendall(connection, LARGE_PAGE)
    while await loop.sock_recv(connection, 1):
        await asyncio.sleep(PAUSE_SECONDS)
    return "closed"


async def no_reader(connection: socket.socket) -> str:
    """Asks for large answers without end, and takes none."""
    while True:
        await loop.sock_sendall(connection, LARGE_PAGE * REQUESTS_AT_ONCE)
        # What is taken at once would otherwise leave no time for the others.
        await asyncio.sleep(PAUSE_SECONDS)


async def breaker(connection: socket.socket) -> str:
    """Breaks off in the middle of a body, with a reset."""
    await loop.sock_sendall(connection, CREATE + LONG_BODY[:100])
    await asyncio.sleep(BREAK_SECONDS)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return "broken off"


KINDS = [silent, one_letter, slow_head, slow_body, slow_reader, no_reader, breaker]


async def drip(connection: socket.socket, data: bytes) -> str:
    """Sends byte by byte until the server says or ends something."""
    heard = asyncio.ensure_future(loop.sock_recv(connection, 1024))
    try:
        for byte in data:
            await loop.sock_sendall(connection, bytes([byte]))
            await asyncio.wait([heard], timeout=PAUSE_SECONDS)
            if heard.done():
                break
        return said(await heard)
    finally:
        heard.cancel()


def said(data: bytes) -> str:
    """What the server said: the status of its answer, or nothing."""
    return data.split(b" ", 2)[1].decode() if data.startswith(b"HTTP/") else "closed"


async def again_and_again(kind: Callable[[socket.socket], Awaitable[str]], port: int, ends: Counter) -> None:
    """Opens one connection after the other."""
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


async def main(port: int, number_of_each: int) -> None:
    global loop
    loop = asyncio.get_running_loop()
    ends = {kind.__name__: Counter() for kind in KINDS}
    tasks = [
        asyncio.create_task(again_and_again(kind, port, ends[kind.__name__]))
        for kind in KINDS for _ in range(number_of_each)
    ]
    await loop.run_in_executor(None, sys.stdin.read)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(json.dumps(ends))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
