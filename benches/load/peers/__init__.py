"""The other servers for the same purpose, one module each."""

from peers.authress_local import AuthressLocal
from peers.express_fake import ExpressFake
from peers.fastapi_fake import FastApiFake
from peers.fastify_fake import FastifyFake
from peers.json_server import JsonServer
from peers.mockoon import Mockoon
from peers.moto import Moto
from peers.ours import Ours
from peers.prism import Prism
from peers.wiremock import WireMock, WireMockQuiet

OURS = Ours()
PEERS = [
    FastifyFake(), ExpressFake(), FastApiFake(), WireMockQuiet(), WireMock(), Prism(), Mockoon(), JsonServer(), Moto(),
    AuthressLocal(),
]
