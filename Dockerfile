# syntax=docker/dockerfile:1
# Rature in one image: the service, the worker and every command of `rature`.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/rature
COPY requirements.txt ./
RUN /opt/rature/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY archiver archiver
COPY extension extension
RUN /opt/rature/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
# Debian's browser is patched by Debian: pinning its version would keep known holes open.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium libatomic1 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-noto-core fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 rature \
    && install -d -o rature -g rature /var/lib/rature
COPY --from=build /opt/rature /opt/rature
ENV PATH=/opt/rature/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    RATURE_DATA=/var/lib/rature \
    RATURE_CHROMIUM=/usr/bin/chromium
USER 10001
WORKDIR /home/rature
VOLUME /var/lib/rature
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8787/readyz', timeout=4)"]
CMD ["rature", "serve", "--host", "0.0.0.0", "--port", "8787"]
