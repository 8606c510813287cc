# syntax=docker/dockerfile:1
# Two stages: the first has the build tools and Node (from a wheel), the second only what runs.

FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=/app/.venv
WORKDIR /app
RUN python -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
COPY requirements.lock requirements-dev.lock ./
RUN .venv/bin/uv pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md hatch_build.py build.mjs package.json package-lock.json .npmrc ./
COPY src src
RUN .venv/bin/uv pip install --quiet --no-deps --build-constraints requirements-dev.lock -e . \
 && rm -rf node_modules src/elearn/foundation/web/static/src
COPY alembic.ini ./
COPY migrations migrations
COPY content content

FROM python:3.11-slim-bookworm
# ffmpeg-free on purpose: videos are served as they were uploaded.
RUN groupadd --gid 10001 elearn \
 && useradd --uid 10001 --gid elearn --home-dir /data --no-create-home --shell /usr/sbin/nologin elearn \
 && install -d -o elearn -g elearn -m 0750 /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 \
    ELEARN_MODE=production ELEARN_HOST=0.0.0.0 ELEARN_DATA_DIR=/data PORT=8000
USER elearn
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/readyz', timeout=4)"]
CMD ["elearn", "serve"]
