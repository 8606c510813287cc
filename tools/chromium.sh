#!/usr/bin/env bash
# Makes sure that a browser is there for the tests: Debian's Chromium when it may be installed.
set -euo pipefail
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
  echo "Chromium is not installed; the browser tests will be skipped. As root: apt-get install chromium" >&2
fi
