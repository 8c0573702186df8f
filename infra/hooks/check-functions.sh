#!/bin/sh
# Runs before the functions are deployed: checks that the worker's metadata, which the build generates, lists every function.
# Without metadata the runtime starts without error but runs no function, and the table stays empty.
set -eu
cd "$(dirname "$0")/../.."
functions=src/CloudTicks.Functions
metadata=$(find "$functions/bin/cloud" -name functions.metadata -exec ls -t {} + 2>/dev/null | head -n 1)
if [ -z "$metadata" ]; then
  echo "There is no functions.metadata below $functions/bin/cloud: the functions were not built with the cloud packages. Check that .cloud-packages exists, and run 'azd package functions'." >&2
  exit 1
fi

missing=
for name in $(find "$functions" -name '*.cs' -not -path '*/bin/*' -not -path '*/obj/*' -exec sed -n 's/^ *\[Function(nameof(\([A-Za-z]*\)))\].*/\1/p; s/^ *\[Function("\([A-Za-z]*\)")\].*/\1/p' {} +); do
  grep -q "\"name\": *\"$name\"" "$metadata" || missing="$missing $name"
done

if [ -n "$missing" ]; then
  echo "$metadata does not list these functions of the source:$missing. Delete $functions/bin/cloud and $functions/obj/cloud, then run 'azd package functions'." >&2
  exit 1
fi

echo "functions: $metadata lists all functions of the source"
