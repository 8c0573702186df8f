#!/bin/sh
# Runs after the resources are created: restarts PostgreSQL if TimescaleDB is not preloaded yet, starts the job 'database-logins', which creates
# a login for each database role, and removes the private key of the NATS servers from azd's environment.
set -eu
: "${CLOUDTICKS_POSTGRES_ID:?is not set; it is an output of infra/main.bicep: run azd provision}"
: "${CLOUDTICKS_LOGINS_JOB_ID:?is not set; it is an output of infra/main.bicep: run azd provision}"
server="https://management.azure.com$CLOUDTICKS_POSTGRES_ID"
version="api-version=2024-08-01"
token=$(azd auth token --output json | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p')

ask() {
  # The token is read from standard input: every user can read a command line.
  printf 'header = "Authorization: Bearer %s"\n' "$token" | curl --silent --show-error --fail --config - "$@"
}

setting=$(ask "$server/configurations/shared_preload_libraries?$version")
case $setting in
  *'"isConfigPendingRestart":true'* | *'"isConfigPendingRestart": true'*)
    echo "postgres: restarting to preload TimescaleDB"
    ask --request POST --header 'Content-Type: application/json' --data '{}' "$server/restart?$version"
    ;;
esac

echo "postgres: starting the job that creates the logins of the database roles; the job waits until the server is ready"
ask --request POST --data '' --output /dev/null "https://management.azure.com$CLOUDTICKS_LOGINS_JOB_ID/start?api-version=2025-01-01"

# The vault now has the private key.
if [ -n "${CLOUDTICKS_NATS_KEY:-}" ]; then
  azd env set CLOUDTICKS_NATS_KEY ''
fi
