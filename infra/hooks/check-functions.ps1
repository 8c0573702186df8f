# Runs before the functions are deployed: checks that the worker's metadata, which the build generates, lists every function.
# Without metadata the runtime starts without error but runs no function, and the table stays empty.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '../..')
$functions = 'src/CloudTicks.Functions'
$metadata = Get-ChildItem "$functions/bin/cloud" -Recurse -Filter functions.metadata -ErrorAction SilentlyContinue |
    Sort-Object LastWriteTime -Descending | Select-Object -First 1
if (-not $metadata) {
    throw "There is no functions.metadata below $functions/bin/cloud: the functions were not built with the cloud packages. Check that .cloud-packages exists, and run 'azd package functions'."
}

$text = Get-Content $metadata.FullName -Raw
$sources = Get-ChildItem $functions -Recurse -Filter *.cs | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
$names = $sources | Get-Content | Select-String '^\s*\[Function\((?:nameof\((\w+)\)|"(\w+)")\)\]' |
    ForEach-Object { $_.Matches[0].Groups[1].Value + $_.Matches[0].Groups[2].Value }
$missing = $names | Where-Object { $text -notmatch "`"name`":\s*`"$_`"" }
if ($missing) {
    throw "$($metadata.FullName) does not list these functions of the source: $missing. Delete $functions/bin/cloud and $functions/obj/cloud, then run 'azd package functions'."
}

Write-Host "functions: $($metadata.FullName) lists all functions of the source"
