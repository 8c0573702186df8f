#!/usr/bin/env bash
# Tests a package of CloudTicks (eng/pack) in a clean home folder: only the packed files, and a PATH with a few system programs.
# Usage: packed.sh cloudticks-VERSION-RUNTIME.tar.gz | cloudticks.VERSION.nupkg
# A tool package uses the .NET runtime in DOTNET_ROOT; an archive contains its runtime. If XDG_CACHE_HOME is set, the local services in that
# cache are reused; otherwise they are downloaded again.
set -euo pipefail
packed=$(realpath "$1")
work=$(mktemp -d)
home=$work/home
mkdir -p "$home/bin" "$work/tool"
if [ -n "${XDG_CACHE_HOME:-}" ]; then
  for program in env setsid setpriv; do ln -s "$(command -v "$program")" "$home/bin/"; done
  path=$home/bin
else
  path=/usr/sbin:/usr/bin:/sbin:/bin
fi

case $packed in
  *.tar.gz)
    tar xzf "$packed" -C "$work/tool" --strip-components 1
    version=$(basename "$packed" | sed -E 's/cloudticks-([0-9.]+)-linux.*/\1/')
    dotnet=() ;;
  *)
    version=$(basename "$packed" .nupkg | sed 's/^cloudticks\.//')
    dotnet=("DOTNET_ROOT=$DOTNET_ROOT" "DOTNET_CLI_TELEMETRY_OPTOUT=1" "DOTNET_NOLOGO=1")
    env -i HOME="$home" PATH="$DOTNET_ROOT:$PATH" "${dotnet[@]}" NUGET_PACKAGES="$work/packages" \
      dotnet tool install cloudticks --version "$version" --tool-path "$work/tool" --add-source "$(dirname "$packed")" > "$work/install" 2>&1 \
      || { cat "$work/install"; exit 1; } ;;
esac

cd "$home"
cache=()
[ -z "${XDG_CACHE_HOME:-}" ] || cache=("XDG_CACHE_HOME=$XDG_CACHE_HOME")
cloudticks() { env -i HOME="$home" PATH="$path" "${cache[@]}" "${dotnet[@]}" "$work/tool/cloudticks" "$@"; }
apphost() { sed -E 's/.*"process":([0-9]+).*/\1/' "$1/simulated/apphost.json"; }
state() { cloudticks status --json "$@" | sed -E 's/.*"state":"([a-z]+)".*/\1/'; }
end() {
  status=$?
  for folder in "$home/.cloudticks" "$work/second"; do
    cloudticks down --data "$folder" > /dev/null 2>&1 || true
  done
  [ "$status" = 0 ] || { echo "FAILED: $step"; tail -n 40 "$home/.cloudticks/simulated/apphost.log" 2> /dev/null || true; }
  rm -rf "$work"
}
trap end EXIT
step=
# expect CODE NAME COMMAND...: runs the command and checks its exit code; writes its output to $work/out and its errors to $work/err.
expect() {
  local code=$1 got=0
  step=$2
  shift 2
  "$@" > "$work/out" 2> "$work/err" || got=$?
  [ "$got" = "$code" ] || { echo "exit code $got instead of $code: $*"; cat "$work/out" "$work/err"; exit 1; }
}
shows() { grep -qE "$1" "$work/out" || { echo "no '$1' in:"; cat "$work/out" "$work/err"; exit 1; }; }
# Waits for a condition, and fails after five minutes.
until_true() {
  local end=$((SECONDS + 300))
  until "$@"; do [ $SECONDS -lt $end ] || { echo "not within five minutes: $*"; exit 1; }; sleep 0.2; done
}

expect 0 "--version prints the version of the package" cloudticks --version
shows "^$version"
expect 1 "status reports that no system is running" cloudticks status
shows '^No system is running in .*/home/\.cloudticks'
expect 0 "down succeeds without a running system" cloudticks down
expect 1 "open fails without a running system" cloudticks open
expect 1 "logs fails without a running system" cloudticks logs
expect 2 "AppHost rejects an unknown option" cloudticks up --detach --rat 5
grep -q -- --rate "$work/err"

expect 0 "up starts a system" cloudticks up --detach --rate 200
shows 'the system is running in the background, as process [0-9]+'
expect 0 "every part is healthy" cloudticks status
[ "$(grep -c ' healthy$' "$work/out")" = 8 ] || { cat "$work/out"; exit 1; }
expect 0 "open prints the address of the page" cloudticks open
shows '^http://127\.0\.0\.1:[0-9]+/$'
port=$(sed -E 's/.*:([0-9]+).*/\1/' "$work/out")
step="the page is served"
exec 3<> "/dev/tcp/127.0.0.1/$port"
printf 'GET / HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$port" >&3
grep -q 'assets/page-' <&3
exec 3>&-
expect 0 "ticks are published" cloudticks tail EURUSD --count 3
expect 0 "the ticks are in the table" cloudticks verify --check table nats --patience 30s
expect 0 "logs prints the lines of a part" cloudticks logs collector --lines 5
shows '^collector +\| '
expect 1 "logs rejects an unknown part" cloudticks logs nonsense
expect 2 "a folder cannot have two systems" cloudticks up --detach
shows 'Another AppHost is using'
cloudticks logs -f --lines 1 > "$work/followed" &
follower=$!

step="a second system starts although its 'up' command is killed"
cloudticks up --detach --rate 100 --data "$work/second" > "$work/up" 2>&1 &
starter=$!
until_true test -s "$work/second/simulated/apphost.json"
kill -9 "$(ps -A -o pid=,ppid=,args= | awk -v self="$starter" '$2 == self && /--detach/ { print $1 } $1 == self { own = $1 } END { if (own) print own }' | head -n 1)"
wait "$starter" || true
[ "$(state --data "$work/second")" != stopped ]
runs() { [ "$(state --data "$work/second")" = running ]; }
until_true runs
expect 0 "both systems are running" cloudticks status --data "$work/second"
expect 0 "tail reads the ticks of the second system" cloudticks tail EURUSD --count 1 --data "$work/second"

step="the first system is killed"
kill -9 "$(apphost .cloudticks)"
killed() { [ "$(state)" = killed ]; }
until_true killed
wait "$follower"
expect 1 "status reports the killed system" cloudticks status
shows 'was killed'
expect 0 "down succeeds for the killed system" cloudticks down
shows '^No system is running in .*/home/\.cloudticks'
shows "not stopped: --data $work/second/simulated"
expect 0 "the second system is still running" cloudticks status --data "$work/second"
expect 0 "the first system starts again" cloudticks up --detach --rate 200

step="the 'down' command is killed"
process=$(apphost .cloudticks)
cloudticks down > /dev/null 2>&1 &
kill -9 $! 2> /dev/null || true
wait $! 2> /dev/null || true
expect 0 "down can be repeated" cloudticks down
expect 0 "the second system stops" cloudticks down --data "$work/second"
shows '^Stopped\.$'
step="no process is left"
[ "$(state)" = stopped ] && ! kill -0 "$process" 2> /dev/null
! ps -A -o args= | grep -F "$work/" | grep -vF -e "packed.sh" -e "grep"
echo "packed CloudTicks $version works"
