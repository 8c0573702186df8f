#!/bin/sh
# After the resources are made: a library that PostgreSQL preloads is loaded after a restart, only where one is pending; and the job
# 'database-logins' makes a login for each role of the database, from within the network. The key of the NATS servers leaves azd's environment.
set -eu
: "${CLOUDTICKS_POSTGRES_ID:?is an output of infra/main.bicep; run azd provision}"
: "${CLOUDTICKS_LOGINS_JOB_ID:?is an output of infra/main.bicep; run azd provision}"
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
    echo "postgres: restarting, so that TimescaleDB is preloaded"
    ask --request POST --header 'Content-Type: application/json' --data '{}' "$server/restart?$version"
    ;;
esac

echo "postgres: a job makes the logins of the database's roles; it waits for the server"
ask --request POST --data '' --output /dev/null "https://management.azure.com$CLOUDTICKS_LOGINS_JOB_ID/start?api-version=2025-01-01"

# The vault has it.
if [ -n "${CLOUDTICKS_NATS_KEY:-}" ]; then
  azd env set CLOUDTICKS_NATS_KEY ''
fi
