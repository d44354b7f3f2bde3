# regenerate.sh - for tests of darkroom regenerate: a database with images of an older model, the
# stand-in, and assertions on the program's output. Source it. The stand-in's journal is the reference.
set -euo pipefail
tests=$(cd "$(dirname "$0")/.." && pwd)
. "$tests/lib/cluster.sh"
. "$tests/lib/standin.sh"
work=$(mktemp -d /tmp/dr-regenerate.XXXXXX)
cluster_start
finish() {
  local child
  for child in $(jobs -p); do # of a test that failed
    kill -KILL "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  done
  standin_stop
  cluster_stop
  rm -rf "$work"
}
trap finish EXIT
cd "$work"

checks=0
fail() { printf 'FAILED: %s\n' "$*" >&2; tail -n 20 out err >&2; exit 1; }
ok() { checks=$((checks + 1)); }
ask() { psql -XAtq -v ON_ERROR_STOP=1 app -c "$1"; }
expect() { # STATUS WORDS...
  local want=$1 status=0
  shift
  "$DARKROOM" "$@" >out 2>err </dev/null || status=$?
  [ "$status" -eq "$want" ] || fail "darkroom $* gave $status, not $want"
  ok
}
out() { grep -qE -- "$1" out || fail "the output has no '$1'"; ok; }
err() { grep -qE -- "$1" err || fail "the errors have no '$1'"; ok; }
refused() { # REGEX WORDS...: status 2, one line and at most a hint, and nothing was queued
  local regex=$1
  shift
  expect 2 "$@"
  err "^darkroom: .*$regex"
  [ "$(wc -l <err)" -le 2 ] && [ ! -s out ] || fail "more than a line: darkroom $*"
  ! grep -q canary err || fail 'a key is shown'
}
is() { # WHAT SQL EXPECTED
  local got
  got=$(ask "$2")
  [ "$got" = "$3" ] || fail "$1: '$got', expected '$3'"
  ok
}
invariants() {
  local broken
  broken=$(psql -XAtq -v ON_ERROR_STOP=1 app -f "$tests/lib/invariants.sql")
  [ -z "$broken" ] || fail "$1: an invariant is broken: $broken"
  ok
}
newest() { ask 'select id from darkroom.batch order by created_at desc limit 1'; }
told() { # BATCH KEY: prints a field of `batch show --json`
  "$DARKROOM" batch show "$1" --json | sed -n "s/.*\"$2\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}
again() { # FLAGS...: restarts the stand-in with an empty journal
  standin_stop
  rm -f journal
  standin_start standin.log --objects none --journal journal --seed 7 "$@"
  export SUPABASE_URL=http://127.0.0.1:1
}
billed() { sed -n 's/.*"usd":\([0-9.e-]*\).*/\1/p' journal | awk '{ s += $1 } END { print s + 0 }'; }
near() { # WHAT A B TOLERANCE
  awk "BEGIN { d = ($2) - ($3); exit !(d <= ($4) && -d <= ($4)) }" || fail "$1: $2 and $3"
  ok
}
export DARKROOM_STORE=folder DARKROOM_FOLDER=$work/store DARKROOM_SPOOL=$work/spool \
  DARKROOM_RETRY_BASE=50 DARKROOM_POLL=1 DARKROOM_LEASE=3 DARKROOM_PAUSE=1 DARKROOM_QUALITY=low

createdb app
psql -Xq -v ON_ERROR_STOP=1 app -f "$DARKROOM_SOURCE/sql/host_application.sql"
export DATABASE_URL="postgresql:///app?host=$PGHOST&user=postgres"
"$DARKROOM" migrate >/dev/null
"$(dirname "$DARKROOM")/make_photo" store/product-images/photo.jpg
psql -Xq -v ON_ERROR_STOP=1 -v images=30 -v base=http://127.0.0.1:1 app -f "$tests/lib/gallery.sql"
ask "insert into \"GeneratedImage\" (id, \"projectId\", type, url, width, height, size, metadata)
       select 'main-' || n, 'p' || n, 'MAIN_IMAGE', 'http://127.0.0.1:1/main-' || n, 9, 9, 9,
              jsonb_build_object('checks', '[{\"check\":\"white\",\"passed\":false}]'::jsonb)
         from generate_series(1, 3) n"
again --latency uniform:50:150
