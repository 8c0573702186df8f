# Before anything is deployed: the build made the worker's metadata, and it lists each function.
# Without it the runtime finds no function, starts all the same, and the table stays empty.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '../..')
$functions = 'src/CloudTicks.Functions'
$metadata = Get-ChildItem "$functions/bin/cloud" -Recurse -Filter functions.metadata -ErrorAction SilentlyContinue |
    Sort-Object LastWriteTime -Descending | Select-Object -First 1
if (-not $metadata) {
    throw "No functions.metadata under $functions/bin/cloud: the functions were not built with the cloud packages. Is .cloud-packages there? Run 'azd package functions'."
}

$text = Get-Content $metadata.FullName -Raw
$sources = Get-ChildItem $functions -Recurse -Filter *.cs | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
$names = $sources | Get-Content | Select-String '^\s*\[Function\((?:nameof\((\w+)\)|"(\w+)")\)\]' |
    ForEach-Object { $_.Matches[0].Groups[1].Value + $_.Matches[0].Groups[2].Value }
$missing = $names | Where-Object { $text -notmatch "`"name`":\s*`"$_`"" }
if ($missing) {
    throw "$($metadata.FullName) does not name these functions of the source: $missing. Delete $functions/bin/cloud and $functions/obj/cloud, then run 'azd package functions'."
}

Write-Host "functions: all functions of the source are in $($metadata.FullName)"
