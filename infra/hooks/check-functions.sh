#!/bin/sh
# Before anything is deployed: the build made the worker's metadata, and it lists each function.
# Without it the runtime finds no function, starts all the same, and the table stays empty.
set -eu
cd "$(dirname "$0")/../.."
functions=src/CloudTicks.Functions
metadata=$(find "$functions/bin/cloud" -name functions.metadata -exec ls -t {} + 2>/dev/null | head -n 1)
if [ -z "$metadata" ]; then
  echo "No functions.metadata under $functions/bin/cloud: the functions were not built with the cloud packages. Is .cloud-packages there? Run 'azd package functions'." >&2
  exit 1
fi

missing=
for name in $(find "$functions" -name '*.cs' -not -path '*/bin/*' -not -path '*/obj/*' -exec sed -n 's/^ *\[Function(nameof(\([A-Za-z]*\)))\].*/\1/p; s/^ *\[Function("\([A-Za-z]*\)")\].*/\1/p' {} +); do
  grep -q "\"name\": *\"$name\"" "$metadata" || missing="$missing $name"
done

if [ -n "$missing" ]; then
  echo "$metadata does not name these functions of the source:$missing. Delete $functions/bin/cloud and $functions/obj/cloud, then run 'azd package functions'." >&2
  exit 1
fi

echo "functions: all functions of the source are in $metadata"
