# Builds critwatch and puts the binary alone into a small image.
FROM rust:1.95-slim-bookworm AS build
# The allocator is built by make.
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
# `[git]` and `--cstate URL` run git, over https or SSH.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git openssh-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin critwatch \
    && install -d -o critwatch -g critwatch /srv/critwatch /srv/critwatch/incidents /srv/critwatch/state
COPY --from=build /build/target/release/critwatch /usr/local/bin/critwatch
COPY alerts.toml /srv/critwatch/alerts.toml
WORKDIR /srv/critwatch
USER critwatch
ENV CRITWATCH_LISTEN=0.0.0.0:8080 CRITWATCH_OPS_LISTEN=0.0.0.0:9180
EXPOSE 8080 9180
VOLUME ["/srv/critwatch/incidents", "/srv/critwatch/state"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/9180 && printf 'GET /-/healthy HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["critwatch"]
CMD ["serve"]
