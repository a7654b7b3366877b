"""A fake in Fastify that is optimized for speed: fakes/fastify_fake.js."""

from peers.express_fake import ExpressFake


class FastifyFake(ExpressFake):
    name = "Fastify fake"
    version = "5.12.8"
    package = "fastify"
    script = "fastify_fake.js"
    note = "an additional array for pages"
