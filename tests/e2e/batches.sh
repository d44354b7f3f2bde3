#!/usr/bin/env bash
# batches.sh - regenerates thousands of images with a real Postgres, one process that runs the batch, and
# the stand-in. Usage: batches.sh IMAGES [FAULTS], with DARKROOM in the environment.
#
# FAULTS: as `darkroom stand-in --fault` takes them. Environment variables: KILLS: how often the process is
# interrupted at a random moment, by SIGKILL and SIGINT in turn; JOBS: concurrency (64); LATENCY of the
# stand-in; FLAGS: more flags of the run; STANDIN: more flags of the stand-in; ALLOWED: images per second
# that latency and limits allow, to compare the rate with; REVIEW: if set, also writes and times the pages.
set -euo pipefail
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
images=$1 faults=${2:-} jobs=${JOBS:-64} latency=${LATENCY:-uniform:200:800}
e2e_begin
"$build/make_photo" "$work/store/product-images/photo.jpg"
psql -Xq -v ON_ERROR_STOP=1 -v images="$images" -v base=http://127.0.0.1:1 app \
  -f "$tests/lib/gallery.sql"
# shellcheck disable=SC2086
standin_start "$work/standin.log" --objects none --journal "$work/journal" --latency "$latency" \
  --seed 7 ${STANDIN:-} ${faults:+--fault "$faults"}
export SUPABASE_URL=http://127.0.0.1:1
flags=(--store folder --folder "$work/store" --spool "$work/spool" --retry-base 50 --jobs "$jobs"
       --lease 3 --poll 1 --log-level warning)
read -ra more <<<"${FLAGS:-}"
flags+=(${more[@]+"${more[@]}"})

# records the memory of a process once a second until it ends
watch_memory() {
  while kill -0 "$1" 2>/dev/null; do
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status" >>"$work/memory" 2>/dev/null || true
    sleep 1
  done
}

began=$(date +%s%N)
"$DARKROOM" regenerate --yes --json --quality low --where 'type = LIFESTYLE' --here "${flags[@]}" \
  >"$work/out.0" 2>>"$work/log" &
worker=$!
watch_memory "$worker" &
batch=
for _ in $(seq 200); do
  batch=$(query "select id from darkroom.batch limit 1")
  [ -z "$batch" ] || break
  sleep 0.1
done
[ -n "$batch" ] || fail "no batch was made: $(tail -3 "$work/log")"
for round in $(seq "${KILLS:-0}"); do
  sleep "$((RANDOM % 4)).$((RANDOM % 9 + 1))"
  if [ $((round % 2)) -eq 1 ]; then signal=KILL; else signal=INT; fi
  kill -$signal "$worker" 2>/dev/null || true # it may have ended
  status=0
  wait "$worker" 2>/dev/null || status=$?
  case $status in
    137 | 75 | 0 | 3) ;;
    *) fail "after an interrupt it ended with $status: $(tail -3 "$work/log")" ;;
  esac
  "$DARKROOM" batch resume "$batch" --here --json "${flags[@]}" >"$work/out.$round" 2>>"$work/log" &
  worker=$!
  watch_memory "$worker" &
done
status=0
wait "$worker" || status=$?
case $status in 0 | 3) ;; *) fail "it ended with $status: $(tail -3 "$work/log")" ;; esac
seconds=$(awk "BEGIN { print ($(date +%s%N) - $began) / 1e9 }")

# a process killed after a job ended leaves the response in the spool; the next start removes it
if [ "${KILLS:-0}" -gt 0 ]; then
  status=0
  "$DARKROOM" batch resume "$batch" --here --json "${flags[@]}" >"$work/out.last" 2>>"$work/log" || status=$?
  case $status in 0 | 3) ;; *) fail "with nothing left to do it ended with $status" ;; esac
fi
# a job that meets three faults in a row fails, as an operator would see; retry-failed makes all
failed=$(query "select count(*) from darkroom.batch_item where state = 'failed'")
if [ "$failed" -gt 0 ]; then
  printf '%s failed at first:\n' "$failed"
  query "select '  ' || count(*) || ' x ' || left(error, 150) from darkroom.batch_item where state = 'failed' group by error"
  "$DARKROOM" batch retry-failed "$batch" --here --yes --json "${flags[@]}" >"$work/out.retry" 2>>"$work/log" ||
    fail "a failed item failed again"
fi
expect_invariants
[ "$(query "select count(*) from darkroom.batch_item where state in ('waiting', 'queued')")" -eq 0 ] ||
  fail 'items are left unfinished'
made=$(query "select count(*) from darkroom.batch_item where state = 'done'")
failed=$(query "select count(*) from darkroom.batch_item where state = 'failed'")
[ "$made" -eq "$images" ] || fail "$made of $images, and $failed failed"
files=$(find "$work/store/generated-images" -type f -name 'LIFESTYLE*' | wc -l)
[ "$files" -eq "$made" ] || fail "$made candidates, $files files"
[ "$(query "select count(*) from \"GeneratedImage\" where id like 'old-%'")" -eq "$images" ] ||
  fail "the sellers' images have changed"
[ -z "$(find "$work/spool" -type f ! -name .darkroom-spool)" ] || fail 'paid responses are left in the spool'
"$DARKROOM" batch show "$batch" --json >"$work/show"
spent=$(json .spentUsd "$work/show") lost=$(json '.ambiguousUsd // 0' "$work/show")
calls=$(json '.ambiguousCalls // 0' "$work/show")
billed=$(json '.usd // empty' "$work/journal" | awk '{ s += $1 } END { print s + 0 }')
awk "BEGIN { exit !(($spent + $lost - $billed) ^ 2 < ($calls * 0.005 + 1e-4) ^ 2) }" ||
  fail "the batch reports $spent USD and $lost for $calls calls without a response; the stand-in billed $billed"
estimate=$(query "select estimate->>'usd' from darkroom.batch where id = '$batch'")
printf 'ok: %s made, %s failed in %s s, %s a second; cost %s USD and %s for %s calls whose response was lost, billed %s, estimated %s\n' \
  "$made" "$failed" "$seconds" "$(awk "BEGIN { print $made / $seconds }")" "$spent" "$lost" "$calls" \
  "$billed" "$estimate"
[ -z "${ALLOWED:-}" ] ||
  awk "BEGIN { printf \"allowed: %s a second; reached: %.1f %%\\n\", $ALLOWED, 100 * $made / $seconds / $ALLOWED }"
awk 'NR % 10 == 0 || NR < 4 { printf "%s%d", (NR > 1 ? " " : "memory in MB: "), $1 / 1024 } END { print "" }' "$work/memory"
if [ -n "${REVIEW:-}" ]; then
  began=$(date +%s)
  "$DARKROOM" review "$batch" --out "$work/review" "${flags[@]:0:4}" >"$work/review.out" 2>&1 &
  worker=$!
  rm -f "$work/memory"
  watch_memory "$worker"
  wait "$worker" || fail "the review ended with $?: $(tail -3 "$work/review.out")"
  named=$(cat "$work"/review/*.html | grep -o 'data-item="[0-9]*"' | sort -u | wc -l)
  [ "$named" -eq "$made" ] || fail "$named of $made are in the review"
  printf 'review: %s images in %s s, %s pages, %s MB at most\n' "$made" "$(($(date +%s) - began))" \
    "$(find "$work/review" -name '*.html' | wc -l)" "$(sort -n "$work/memory" | awk 'END { print int($1 / 1024) }')"
fi
