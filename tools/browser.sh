#!/usr/bin/env bash
# Finds the Chromium that the tests of pages use, or installs Debian's where that is allowed.
set -euo pipefail

found() {
  for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$name" > /dev/null; then return 0; fi
  done
  return 1
}

if found; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  apt-get update -qq || true
  # The shell without windows costs a quarter less; where there is none, the whole browser serves.
  for package in chromium-headless-shell chromium; do
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" > /dev/null 2>&1 || true
    if found; then exit 0; fi
  done
fi
echo "No Chromium is here: tests of pages are skipped. Install one, for example with 'sudo apt-get install chromium'." >&2
if [ "${REQUIRE_BROWSER:-}" = 1 ]; then exit 1; fi
