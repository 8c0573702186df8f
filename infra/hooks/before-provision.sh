#!/bin/sh
# Runs before the resources are created: checks that the feed polygon has its API key, and creates the certificate of the NATS servers.
set -eu

# Fails early: without a key the collector would stop with an error at startup.
if [ "${CLOUDTICKS_FEED:-simulated}" = polygon ] && [ -z "${POLYGON_API_KEY:-}" ] && [ "${CLOUDTICKS_POLYGON_KEY_KEPT:-false}" != true ]; then
  echo "The feed is polygon, but its API key is not in the vault yet: run 'POLYGON_API_KEY=... azd up' once, or 'azd env set CLOUDTICKS_FEED simulated'." >&2
  exit 1
fi

# The certificate is self-signed; clients get it with the connection string. Its private key is in azd's environment until the vault has it (prepare-database).
if [ -z "${CLOUDTICKS_NATS_CERTIFICATE:-}" ]; then
  umask 077
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -days 3650 -subj /CN=cloudticks-nats \
    -addext 'subjectAltName=DNS:cloudticks-nats,DNS:nats-1,DNS:nats-2,DNS:nats-3' -addext 'extendedKeyUsage=serverAuth,clientAuth' \
    -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2> "$folder/log" || { cat "$folder/log" >&2; exit 1; }
  azd env set CLOUDTICKS_NATS_KEY "$(base64 < "$folder/key.pem" | tr -d '\n')"
  azd env set CLOUDTICKS_NATS_CERTIFICATE "$(base64 < "$folder/certificate.pem" | tr -d '\n')"
  echo "nats: a certificate that is valid for ten years was created"
fi
