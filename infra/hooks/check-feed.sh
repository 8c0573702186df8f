#!/bin/sh
# Before the resources are made: the feed polygon needs its key once. Without it the collector would start, and stop with a sentence.
set -eu
if [ "${CLOUDTICKS_FEED:-simulated}" = polygon ] && [ -z "${POLYGON_API_KEY:-}" ] && [ "${CLOUDTICKS_POLYGON_KEY_KEPT:-false}" != true ]; then
  echo "The feed is polygon, and its key is not in the vault yet: run 'POLYGON_API_KEY=... azd up' once, or 'azd env set CLOUDTICKS_FEED simulated'." >&2
  exit 1
fi
