#!/usr/bin/env bash
# packs.sh - complete packs, from rows in Postgres to stored, checked images: a real Postgres, the
# real worker, and the stand-in for the models.
#
# usage: packs.sh PACKS [FAULTS], with FAULTS as `darkroom stand-in --fault` takes them.
# Environment: KILLS, how often the worker is killed; OUTAGES, how often Postgres crashes during the
# run; ALL_COMPLETE=1, every job must be completed despite the faults.
set -euo pipefail
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
packs=$1 faults=${2:-}
e2e_begin
psql -Xq -v ON_ERROR_STOP=1 -v packs="$packs" -v base=http://127.0.0.1:1 app -f "$tests/lib/shop.sql"
"$build/make_photo" "$work/store/product-images/photo.jpg"
fault_flags=()
[ -z "$faults" ] || fault_flags=(--fault "$faults")
standin_start "$work/standin.log" --objects none --journal "$work/journal" --seed 7 "${fault_flags[@]}"
export SUPABASE_URL=http://127.0.0.1:1 # images go into a folder: nothing may be sent there

run_worker() { # replaces this shell; ends when the queue is empty
  exec "$DARKROOM" work --drain --store folder --folder "$work/store" --spool "$work/spool" \
    --pause 1 --retry-base 50 --poll 1 --lease 3 --log-level debug \
    >>"$work/work.out" 2>>"$work/work.log"
}

# Kills the worker at varying moments. Jobs in progress must neither be lost nor settled twice.
for _ in $(seq "${KILLS:-0}"); do
  run_worker &
  worker=$!
  sleep "0.$((RANDOM % 7 + 1))"
  kill -9 "$worker" 2>/dev/null || true
  wait "$worker" 2>/dev/null || true
done

# Crashes and restarts Postgres, and cuts connections, while one worker keeps running.
if [ "${OUTAGES:-0}" -gt 0 ]; then
  (run_worker) &
  worker=$!
  for round in $(seq "$OUTAGES"); do
    sleep "0.$((RANDOM % 6 + 2))"
    if [ $((round % 2)) -eq 0 ]; then
      cluster_server restart
    else
      query "select count(pg_terminate_backend(pid)) from pg_stat_activity
              where pid <> pg_backend_pid() and backend_type = 'client backend'" >/dev/null || true
    fi
  done
  status=0
  wait "$worker" || status=$?
  [ "$status" -eq 0 ] || fail "the worker exited with $status: $(tail -3 "$work/work.log")"
  grep -q 'lost the connection to the database' "$work/work.log" || fail "no outage was logged"
fi

for _ in $(seq 20); do # a drain that gave up because a provider stayed paused is started again
  status=0
  (run_worker) || status=$?
  [ "$(query "select count(*) from job_queue where status in ('pending', 'processing')")" -eq 0 ] &&
    break
done
case $status in 0 | 3) ;; *) fail "the worker exited with $status: $(tail -5 "$work/work.log")" ;; esac

# A worker killed after a job had ended leaves that job's answers; the next start removes them.
[ "${KILLS:-0}" -eq 0 ] || (run_worker) || fail "an idle worker exited with $?"

expect_invariants
expect_query 'unfinished jobs' \
  "select count(*) from job_queue where status in ('pending', 'processing')" 0
jobs=$(query "select count(*) from job_queue")
queued_packs=$(query "select count(*) from darkroom.pack")
[ "$jobs" -eq $((packs + queued_packs * 7)) ] ||
  fail "$jobs jobs, expected $((packs + queued_packs * 7))"
recorded=$(query "select count(*) from darkroom.model_call")
billed=$(model_calls "$work/journal")
[ "$billed" -le "$recorded" ] || fail "$billed calls reached the models, $recorded were recorded"
rows=$(query "select count(*) from \"GeneratedImage\"")
files=$(find "$work/store/generated-images" -type f ! -name '*-plate-*' 2>/dev/null | wc -l)
[ "$rows" -eq "$files" ] || fail "$rows image rows, $files files"
plates=$(query "select count(*) from darkroom.image_detail where detail ? 'plate'")
files=$(find "$work/store/generated-images" -type f -name '*-plate-*' 2>/dev/null | wc -l)
[ "$plates" -eq "$files" ] || fail "$plates images with a plate, $files files of plates"
[ -z "$(find "$work/spool" -type f ! -name .darkroom-spool)" ] || fail "paid answers remain in the spool"
expect_no_keys "$work/work.log" "$work/work.out"
if [ -z "$faults" ] || [ -n "${ALL_COMPLETE:-}" ]; then
  completed=$(query "select count(*) from job_queue where status = 'completed'")
  [ "$completed" -eq "$jobs" ] || fail "$completed of $jobs jobs are completed: $(
    query "select distinct error_message from job_queue where status = 'failed'")"
  expect_query 'incomplete projects' "select count(*) from \"Project\" where status <> 'COMPLETED'" 0
fi
# A rejected answer is shown with its picture. An empty image is always rejected.
rejected=$(query "select job_id from darkroom.rejection where picture is not null limit 1")
case $faults in *count=1,blank*) [ -n "$rejected" ] || fail 'no rejected answer is recorded' ;; esac
if [ -n "$rejected" ]; then
  "$DARKROOM" jobs show "$rejected" --pictures "$work/rejected" >"$work/show"
  grep -q '^REJECTED' "$work/show" || fail "jobs show: $(cat "$work/show")"
  [ "$(find "$work/rejected" -name "${rejected:0:8}-*.jpg" -size +1k | wc -l)" -ge 1 ] || fail 'no picture of the rejected answer'
fi
query "select count(*) || ' x ' || regexp_replace(left(error_message, 90), '[0-9]+', 'N', 'g')
       from job_queue where status = 'failed'
       group by regexp_replace(left(error_message, 90), '[0-9]+', 'N', 'g') order by 1 desc"
printf 'ok: %s jobs, %s images, %s failed, %s credits refunded\n' "$jobs" "$rows" \
  "$(query "select count(*) from job_queue where status = 'failed'")" \
  "$(query "select coalesce(sum(amount), 0) from \"CreditTransaction\" where type = 'REFUND'")"
