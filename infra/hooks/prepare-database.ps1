# Runs after the resources are created: restarts PostgreSQL if TimescaleDB is not preloaded yet, starts the job 'database-logins', which creates
# a login for each database role, and removes the private key of the NATS servers from azd's environment.
$ErrorActionPreference = 'Stop'
if (-not $env:CLOUDTICKS_POSTGRES_ID) { throw 'CLOUDTICKS_POSTGRES_ID is not set; it is an output of infra/main.bicep: run azd provision.' }
if (-not $env:CLOUDTICKS_LOGINS_JOB_ID) { throw 'CLOUDTICKS_LOGINS_JOB_ID is not set; it is an output of infra/main.bicep: run azd provision.' }
$server = "https://management.azure.com$($env:CLOUDTICKS_POSTGRES_ID)"
$version = 'api-version=2024-08-01'
$headers = @{ Authorization = "Bearer $((azd auth token --output json | ConvertFrom-Json).token)" }

$setting = Invoke-RestMethod -Headers $headers -Uri "$server/configurations/shared_preload_libraries?$version"
if ($setting.properties.isConfigPendingRestart) {
    Write-Host 'postgres: restarting to preload TimescaleDB'
    Invoke-RestMethod -Method Post -Headers $headers -ContentType 'application/json' -Body '{}' -Uri "$server/restart?$version" | Out-Null
}

Write-Host "postgres: starting the job that creates the logins of the database roles; the job waits until the server is ready"
Invoke-RestMethod -Method Post -Headers $headers -Uri "https://management.azure.com$($env:CLOUDTICKS_LOGINS_JOB_ID)/start?api-version=2025-01-01" | Out-Null

# The vault now has the private key.
if ($env:CLOUDTICKS_NATS_KEY) { azd env set CLOUDTICKS_NATS_KEY '' }
