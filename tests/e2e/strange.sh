# shellcheck shell=bash
# strange.sh - for tests of strange answers: a gate in front of the stand-in that answers in its place, a
# seller, and a worker. Source it.
set -euo pipefail
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/waiting.sh
. "$(dirname "$0")/../lib/waiting.sh"
e2e_begin
standin_start "$work/standin.log" --objects "$work/objects" --journal "$work/journal"
"$build/make_photo" "$work/photo.jpg"
standin_put product-images "$work/photo.jpg" || fail 'cannot upload the photo'
mkdir "$work/gate"
: >"$work/gate.log"
"$build/fault_proxy" "$work/gate" "${base##*:}" >"$work/gate.log" &
gate=$!
trap 'stop_worker; kill $gate 2>/dev/null || true; e2e_finish' EXIT
until port=$(sed -n 's/^listening on //p' "$work/gate.log") && [ -n "$port" ]; do sleep 0.05; done
base=http://127.0.0.1:$port # the photos' URLs, too
export OPENAI_BASE_URL=$base/v1 SUPABASE_URL=$base
make_seller 1
start_worker
ordered=0
in_trouble() { until_query "$1: a service has trouble" \
  "select count(*) > 0 from darkroom.service where state not in ('healthy', 'slow')" t; }
# answer STATUS HEADERS BODY: a response with the length of its body; HEADERS end with \r\n or are empty
answer() {
  printf 'HTTP/1.1 %s\r\n%bContent-Length: %s\r\nConnection: close\r\n\r\n%s' "$1" "$2" "${#3}" "$3"
}
strange() { # NAME MATCH < ANSWER: the gate gives this answer for a time
  local paid
  paid=$(model_calls "$work/journal")
  printf '%s\n' "$2" >"$work/gate/match"
  cat >"$work/gate/answer.new"
  mv "$work/gate/answer.new" "$work/gate/answer"
  make_images 3
  ordered=$((ordered + 3))
  in_trouble "$1"
  expect_query "$1: no job fails" "select count(*) from job_queue where status = 'failed' or retry_count > 0" 0
  rm "$work/gate/answer"
  all_done
  [ "$(model_calls "$work/journal")" -eq $((paid + 3)) ] ||
    fail "$1: $(($(model_calls "$work/journal") - paid)) calls reached the model for three images"
}
page='<!DOCTYPE html><html><head><title>Just a moment</title></head><body>...</body></html>'
html='Content-Type: text/html; charset=UTF-8\r\n'
json='Content-Type: application/json\r\n'
