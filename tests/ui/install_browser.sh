#!/bin/sh
# Installs Chromium from Debian's packages, where there is no browser and it can be had.
# Where it cannot, the tests that need one skip, and this says so.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  {
    apt-get update -qq &&
      apt-get install -y -qq --no-install-recommends chromium fonts-liberation
  } >/dev/null 2>&1 && exit 0
fi
echo "no browser is here and none could be installed: the tests in a browser will skip"
