# syntax=docker/dockerfile:1
# The program alone: PostgreSQL runs beside it (docker-compose.yml).

FROM swift:6.3-bookworm AS build
SHELL ["/bin/bash", "-eu", "-o", "pipefail", "-c"]
# No versions: what Debian's security team replaces must be built in.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev libcurl4-openssl-dev libqrencode-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift Package.resolve[d] ./
RUN swift package resolve
COPY Schema Schema
COPY Sources Sources
RUN mkdir -p Tests \
    && grep -oE 'name: "([A-Za-z]+Tests|TestSupport|PublicSamples)"' Package.swift | cut -d'"' -f2 \
    | while read -r name; do mkdir -p "Tests/$name" && touch "Tests/$name/empty.swift"; done \
    && swift build -c release --product motcua --static-swift-stdlib -debug-info-format none \
    && install -s -D "$(swift build -c release --static-swift-stdlib -debug-info-format none --show-bin-path)/motcua" /out/motcua

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libcurl4 libpq5 libqrencode4 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 motcua \
    && useradd --system --uid 10001 --gid motcua --home-dir /var/lib/motcua --create-home motcua
COPY --from=build /out/motcua /usr/local/bin/motcua
COPY Workflows /usr/share/motcua/Workflows
USER 10001:10001
WORKDIR /var/lib/motcua
VOLUME /var/lib/motcua
# The API, the citizens' pages, operations (livez, readyz, metrics).
EXPOSE 8080 8081 8082
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/motcua"]
CMD ["serve", "--workflows", "/usr/share/motcua/Workflows", "--data", "/var/lib/motcua"]
