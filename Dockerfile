# A static binary on an empty root: nothing else is in the image.
# Build: docker build -t access-groups-mock .
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev gcc
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin access-groups-mock \
    && cp target/release/access-groups-mock /access-groups-mock

FROM scratch
COPY --from=build /access-groups-mock /access-groups-mock
COPY THIRD_PARTY_NOTICES.txt /THIRD_PARTY_NOTICES.txt
# Nobody: the server needs no rights and writes no file unless it is asked to.
USER 65534:65534
EXPOSE 4010
# Bound to all addresses, /__admin asks for a token: set AGM_ADMIN_TOKEN to use it.
ENV AGM_HOST=0.0.0.0
HEALTHCHECK --interval=5s --timeout=4s --start-period=1s CMD ["/access-groups-mock", "healthcheck"]
ENTRYPOINT ["/access-groups-mock"]
