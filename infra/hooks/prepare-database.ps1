# After the resources are made: a library that PostgreSQL preloads is loaded after a restart, only where one is pending; and the job
# 'database-logins' makes a login for each role of the database, from within the network. The key of the NATS servers leaves azd's environment.
$ErrorActionPreference = 'Stop'
if (-not $env:CLOUDTICKS_POSTGRES_ID) { throw 'CLOUDTICKS_POSTGRES_ID is an output of infra/main.bicep; run azd provision.' }
if (-not $env:CLOUDTICKS_LOGINS_JOB_ID) { throw 'CLOUDTICKS_LOGINS_JOB_ID is an output of infra/main.bicep; run azd provision.' }
$server = "https://management.azure.com$($env:CLOUDTICKS_POSTGRES_ID)"
$version = 'api-version=2024-08-01'
$headers = @{ Authorization = "Bearer $((azd auth token --output json | ConvertFrom-Json).token)" }

$setting = Invoke-RestMethod -Headers $headers -Uri "$server/configurations/shared_preload_libraries?$version"
if ($setting.properties.isConfigPendingRestart) {
    Write-Host 'postgres: restarting, so that TimescaleDB is preloaded'
    Invoke-RestMethod -Method Post -Headers $headers -ContentType 'application/json' -Body '{}' -Uri "$server/restart?$version" | Out-Null
}

Write-Host "postgres: a job makes the logins of the database's roles; it waits for the server"
Invoke-RestMethod -Method Post -Headers $headers -Uri "https://management.azure.com$($env:CLOUDTICKS_LOGINS_JOB_ID)/start?api-version=2025-01-01" | Out-Null

# The vault has it.
if ($env:CLOUDTICKS_NATS_KEY) { azd env set CLOUDTICKS_NATS_KEY '' }
