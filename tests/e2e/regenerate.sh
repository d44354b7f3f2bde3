# shellcheck shell=bash
# regenerate.sh - for tests of darkroom regenerate: a database with images of an older model, the
# stand-in, and assertions on the program's output. Source it. The stand-in's journal is the reference
# for what was sent and billed.
set -euo pipefail
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
e2e_begin
finish() {
  local child
  for child in $(jobs -p); do # left by a failed test
    kill -KILL "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  done
  e2e_finish
}
trap finish EXIT
cd "$work"

fail() { printf 'FAILED: %s\n' "$*" >&2; tail -n 20 out err >&2; exit 1; }
ok() { checks=$((checks + 1)); }
# expect STATUS WORDS...: runs darkroom without standard input; its output goes to ./out and ./err
expect() {
  local want=$1 status=0
  shift
  "$DARKROOM" "$@" >out 2>err </dev/null || status=$?
  [ "$status" -eq "$want" ] || fail "darkroom $* gave exit status $status, not $want"
  ok
}
# start WORDS...: runs darkroom in the background; sets pid. It opens the files only after this returns, so
# they are emptied here: the output of the command before must not be taken for its own.
start() {
  : >out
  : >err
  "$DARKROOM" "$@" >>out 2>>err </dev/null &
  pid=$!
}
out() { grep -qE -- "$1" out || fail "the output has no '$1'"; ok; }
err() { grep -qE -- "$1" err || fail "the errors have no '$1'"; ok; }
refused() { # REGEX WORDS...: expects exit status 2, one line of error and at most a hint
  local regex=$1
  shift
  expect 2 "$@"
  err "^darkroom: .*$regex"
  [ "$(wc -l <err)" -le 2 ] && [ ! -s out ] || fail "more than one line and a hint: darkroom $*"
  ! grep -q canary err || fail 'the error message contains a key'
}
newest() { query 'select id from darkroom.batch order by created_at desc limit 1'; }
batch_field() { # BATCH KEY: prints a field of `batch show --json`
  "$DARKROOM" batch show "$1" --json >"$work/batch" && jq -r --arg key "$2" '.[$key] | values' "$work/batch"
}
restart_standin() { # FLAGS...: restarts the stand-in with an empty journal
  standin_stop
  rm -f journal
  standin_start standin.log --objects none --journal journal --seed 7 "$@"
  export SUPABASE_URL=http://127.0.0.1:1
}
billed() { json '.usd // empty' journal | awk '{ s += $1 } END { print s + 0 }'; }
expect_near() { # WHAT A B TOLERANCE: the numbers must not differ by more
  awk "BEGIN { d = ($2) - ($3); exit !(d <= ($4) && -d <= ($4)) }" || fail "$1: $2 and $3"
  ok
}
export DARKROOM_STORE=folder DARKROOM_FOLDER=$work/store DARKROOM_SPOOL=$work/spool \
  DARKROOM_RETRY_BASE=50 DARKROOM_POLL=1 DARKROOM_LEASE=3 DARKROOM_PAUSE=1 DARKROOM_QUALITY=low

"$build/make_photo" store/product-images/photo.jpg
psql -Xq -v ON_ERROR_STOP=1 -v images=30 -v base=http://127.0.0.1:1 app -f "$tests/lib/gallery.sql"
query "insert into \"GeneratedImage\" (id, \"projectId\", type, url, width, height, size, metadata, \"createdAt\")
       select 'main-' || n, 'p' || n, 'MAIN_IMAGE', 'http://127.0.0.1:1/main-' || n, 9, 9, 9,
              jsonb_build_object('checks', '[{\"check\":\"white\",\"passed\":false}]'::jsonb), timezone('utc', now()) - interval '1 hour'
         from generate_series(1, 3) n"
restart_standin --latency uniform:50:150
