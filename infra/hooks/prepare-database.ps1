# After the resources are made: a library that PostgreSQL preloads is there after a restart. Only where one is pending.
$ErrorActionPreference = 'Stop'
if (-not $env:CLOUDTICKS_POSTGRES_ID) { throw 'CLOUDTICKS_POSTGRES_ID is an output of infra/main.bicep; run azd provision.' }
$server = "https://management.azure.com$($env:CLOUDTICKS_POSTGRES_ID)"
$version = 'api-version=2024-08-01'
$headers = @{ Authorization = "Bearer $((azd auth token --output json | ConvertFrom-Json).token)" }

$setting = Invoke-RestMethod -Headers $headers -Uri "$server/configurations/shared_preload_libraries?$version"
if ($setting.properties.isConfigPendingRestart) {
    Write-Host 'postgres: restarting, so that TimescaleDB is preloaded'
    Invoke-RestMethod -Method Post -Headers $headers -ContentType 'application/json' -Body '{}' -Uri "$server/restart?$version" | Out-Null
}
