# Builds critwatch and copies only the binary into a small image. For several platforms:
#
#   docker buildx build --platform linux/amd64,linux/arm64 --build-arg VERSION=1.0.0 .
#
# The root file system may be read-only; incidents and state are volumes.
FROM rust:1.95-slim-bookworm AS build
# Building the allocator needs make.
RUN apt-get update \
    && apt-get install -y --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY benches benches
COPY locales locales
COPY templates templates
COPY incidents incidents
COPY alerts.toml ./
RUN cargo build --locked --release

FROM debian:bookworm-slim
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="critwatch" \
    org.opencontainers.image.description="A status page that writes itself" \
    org.opencontainers.image.licenses="MIT OR Apache-2.0" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION"
# `[git]` and `--cstate URL` run git over HTTPS or SSH.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git openssh-client \
    && rm -rf /var/lib/apt/lists/*
# Kubernetes needs a numeric user to verify that it is not root.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin critwatch \
    && install -d -o critwatch -g critwatch /srv/critwatch /srv/critwatch/incidents /srv/critwatch/state
COPY --from=build /build/target/release/critwatch /usr/local/bin/critwatch
COPY alerts.toml /srv/critwatch/alerts.toml
WORKDIR /srv/critwatch
USER 10001:10001
ENV CRITWATCH_LISTEN=0.0.0.0:8080 CRITWATCH_OPS_LISTEN=0.0.0.0:9180
EXPOSE 8080 9180
VOLUME ["/srv/critwatch/incidents", "/srv/critwatch/state"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/9180 && printf 'GET /-/healthy HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["critwatch"]
CMD ["serve"]
