# Before the resources are made: the feed polygon needs its key once. Without it the collector would start, and stop with a sentence.
$ErrorActionPreference = 'Stop'
if ($env:CLOUDTICKS_FEED -eq 'polygon' -and -not $env:POLYGON_API_KEY -and $env:CLOUDTICKS_POLYGON_KEY_KEPT -ne 'true') {
    throw "The feed is polygon, and its key is not in the vault yet: set POLYGON_API_KEY and run 'azd up' once, or 'azd env set CLOUDTICKS_FEED simulated'."
}
