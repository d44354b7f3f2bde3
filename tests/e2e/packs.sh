#!/usr/bin/env bash
# packs.sh - whole packs, from rows in Postgres to stored, checked images: a real Postgres, the real
# worker, the stand-in for the models. usage: packs.sh PACKS [FAULTS], with DARKROOM in the environment
#
# FAULTS as `darkroom stand-in --fault` takes them. In the environment, KILLS: how often the worker is
# killed; OUTAGES: how often Postgres crashes under it; MENDED: all must be completed in spite of the faults.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib/cluster.sh"
build=$(dirname "$DARKROOM") packs=$1 faults=${2:-}
work=$(mktemp -d /tmp/dr-e2e.XXXXXX)
cluster_start
standin=
finish() {
  [ -z "$standin" ] || kill "$standin" 2>/dev/null || true
  cluster_stop
  [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap finish EXIT

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
journal_count() { # calls of models that the stand-in has seen
  local journal
  journal=$(grep -c '"route":"\(images\|edits\|responses\|chat\)"' "$work/journal") || true
  printf '%s' "$journal"
}
ask() { psql -XAtq -v ON_ERROR_STOP=1 app -c "$1"; }

createdb app
psql -Xq -v ON_ERROR_STOP=1 app -f "$here/../sql/host_application.sql"
export DATABASE_URL="postgresql:///app?host=$PGHOST&user=postgres"
"$build/darkroom" migrate >/dev/null
psql -Xq -v ON_ERROR_STOP=1 -v packs="$packs" -v base=http://127.0.0.1:1 app \
  -f "$here/lib/shop.sql"
"$build/make_photo" "$work/store/product-images/photo.jpg"

args=(--objects none --journal "$work/journal")
[ -z "$faults" ] || args+=(--fault "$faults")
: >"$work/standin.log"
"$build/darkroom" stand-in "${args[@]}" --seed 7 >>"$work/standin.log" 2>&1 &
standin=$!
for _ in $(seq 100); do
  base=$(sed -n 's/^listening on //p' "$work/standin.log")
  [ -n "$base" ] && break
  sleep 0.05
done
[ -n "$base" ] || fail "the stand-in did not start: $(cat "$work/standin.log")"

export OPENAI_API_KEY=sk-canary-4f1f0c2e9b OPENAI_BASE_URL=$base/v1 SUPABASE_URL=http://127.0.0.1:1
work_on() { # becomes the worker, until nothing is left
  exec "$build/darkroom" work --drain --store folder --folder "$work/store" --spool "$work/spool" \
    --pause 1 --retry-base 50 --poll 1 --lease 3 --log-level debug "$@" \
    >>"$work/work.out" 2>>"$work/work.log"
}

# kill -9 at moments that differ: what was under way must neither be lost nor done twice
for round in $(seq "${KILLS:-0}"); do
  work_on &
  victim=$!
  sleep "0.$((RANDOM % 7 + 1))"
  kill -9 "$victim" 2>/dev/null || true
  wait "$victim" 2>/dev/null || true
done

# Postgres crashes and comes back, and connections are cut, while one worker goes on
if [ "${OUTAGES:-0}" -gt 0 ]; then
  (work_on) &
  survivor=$!
  for round in $(seq "$OUTAGES"); do
    sleep "0.$((RANDOM % 6 + 2))"
    if [ $((round % 2)) -eq 0 ]; then
      cluster_server restart
    else
      ask "select count(pg_terminate_backend(pid)) from pg_stat_activity
            where pid <> pg_backend_pid() and backend_type = 'client backend'" >/dev/null || true
    fi
  done
  status=0
  wait "$survivor" || status=$?
  [ "$status" -eq 0 ] || fail "the worker gave up with $status: $(tail -3 "$work/work.log")"
  grep -q 'the database is away' "$work/work.log" || fail "nobody was told of an outage"
fi

for _ in $(seq 20); do # a drain that gave up (a provider that stayed paused) is started again
  status=0
  (work_on) || status=$?
  [ "$(ask "select count(*) from job_queue where status in ('pending', 'processing')")" -eq 0 ] &&
    break
done
case $status in 0 | 3) ;; *) tail -5 "$work/work.log" >&2; fail "the worker ended with $status" ;; esac

# a worker that died after a job had ended leaves its answers; the next one that starts tidies up
[ "${KILLS:-0}" -eq 0 ] || (work_on) || fail "an idle worker ended with $?"

broken=$(psql -XAtq -v ON_ERROR_STOP=1 app -f "$here/lib/invariants.sql")
[ -z "$broken" ] || fail "an invariant is broken: $broken"
left=$(ask "select count(*) from job_queue where status in ('pending', 'processing')")
[ "$left" -eq 0 ] || fail "$left jobs are left over"
jobs=$(ask "select count(*) from job_queue")
whole=$(ask "select count(*) from job_queue
              where job_type = 'generate-complete-pack' and status = 'completed'")
[ "$jobs" -eq $((packs + whole * 7)) ] || fail "$jobs jobs, $((packs + whole * 7)) were expected"
asked=$(ask "select count(*) from darkroom.attempt")
billed=$(journal_count)
[ "$billed" -le "$asked" ] || fail "$billed calls reached the models, $asked were recorded"
rows=$(ask "select count(*) from \"GeneratedImage\"")
files=$(find "$work/store/generated-images" -type f 2>/dev/null | wc -l)
[ "$rows" -eq "$files" ] || fail "$rows rows of images, $files files"
[ -z "$(find "$work/spool" -type f)" ] || fail "paid answers are left in the spool"
! grep -q "sk-canary" "$work/work.log" "$work/work.out" || fail "the key is in the log"
if [ -z "$faults" ] || [ -n "${MENDED:-}" ]; then # nothing may be missing
  done_=$(ask "select count(*) from job_queue where status = 'completed'")
  [ "$done_" -eq "$jobs" ] || fail "only $done_ of $jobs jobs were completed: $(
    ask "select distinct error_message from job_queue where status = 'failed'")"
  [ "$(ask "select count(*) from \"Project\" where status <> 'COMPLETED'")" -eq 0 ] ||
    fail "a project is not COMPLETED"
fi
ask "select count(*) || ' x ' || regexp_replace(left(error_message, 90), '[0-9]+', 'N', 'g')
     from job_queue where status = 'failed'
     group by regexp_replace(left(error_message, 90), '[0-9]+', 'N', 'g') order by 1 desc"
printf 'ok: %s jobs, %s images, %s failed, %s credits refunded\n' "$jobs" "$rows" \
  "$(ask "select count(*) from job_queue where status = 'failed'")" \
  "$(ask "select coalesce(sum(amount), 0) from \"CreditTransaction\" where type = 'REFUND'")"
