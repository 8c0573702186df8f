#!/bin/sh
# Before the resources are made: the feed polygon needs its key once, and the NATS servers a certificate.
set -eu

# Without its key the collector would start, and stop with a sentence.
if [ "${CLOUDTICKS_FEED:-simulated}" = polygon ] && [ -z "${POLYGON_API_KEY:-}" ] && [ "${CLOUDTICKS_POLYGON_KEY_KEPT:-false}" != true ]; then
  echo "The feed is polygon, and its key is not in the vault yet: run 'POLYGON_API_KEY=... azd up' once, or 'azd env set CLOUDTICKS_FEED simulated'." >&2
  exit 1
fi

# Its own authority, which clients get with the connection string. The key stays in azd's environment until the vault has it (prepare-database).
if [ -z "${CLOUDTICKS_NATS_CERTIFICATE:-}" ]; then
  umask 077
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -days 3650 -subj /CN=cloudticks-nats \
    -addext 'subjectAltName=DNS:cloudticks-nats,DNS:nats-1,DNS:nats-2,DNS:nats-3' -addext 'extendedKeyUsage=serverAuth,clientAuth' \
    -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2> "$folder/log" || { cat "$folder/log" >&2; exit 1; }
  azd env set CLOUDTICKS_NATS_KEY "$(base64 < "$folder/key.pem" | tr -d '\n')"
  azd env set CLOUDTICKS_NATS_CERTIFICATE "$(base64 < "$folder/certificate.pem" | tr -d '\n')"
  echo "nats: a certificate for ten years was made"
fi
