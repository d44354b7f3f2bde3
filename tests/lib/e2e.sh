# shellcheck shell=bash
# e2e.sh - what every end-to-end test needs: a working folder, a private Postgres with the host
# application's tables, the stand-in, and assertions. Source it, then call e2e_begin.
#
# Needs DARKROOM, the path of the built program. Sets work, build, tests and DATABASE_URL. KEEP=1
# leaves the working folder for inspection.
#
# Reading the text in images takes half of the processor time of a pack. A test that is about images sets
# reads_text=1 before it sources this file; in the others Tesseract finds no data, and the checks that
# need it are skipped.

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/lib/cluster.sh
. "$tests/lib/cluster.sh"
# shellcheck source=tests/lib/standin.sh
. "$tests/lib/standin.sh"
# shellcheck disable=SC2034 # for the tests
build=$(dirname "$DARKROOM")
# With --json, DARKROOM is started so that its output is recorded. At the end of the test each object is
# compared with the schema of its command. Builds with sanitizers have no recorder.
if [ -e "$build/libjson_recorder.so" ]; then
  export DARKROOM=$build/record_json JSON_RECORDER=$build/libjson_recorder.so
fi
recording=()
checks=0
[ -n "${reads_text:-}" ] || export TESSDATA_PREFIX=$tests/lib

# Prints the last output of a test that keeps it in ./out and ./err.
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  tail -n 30 out err >&2 2>/dev/null || true
  exit 1
}
query() { psql -XAtq -v ON_ERROR_STOP=1 app -c "$1"; }

# ask_until SQL VALUE: one session asks again and again until this is the answer; false if it is not within
# minutes, or if the server goes away. To start psql and a backend takes ten times as long as most answers.
ask_until() (
  coproc psql -XAtq app
  ask=${COPROC[1]} answers=${COPROC[0]}
  for _ in $(seq 3000); do
    printf '%s;\n' "$1" >&"$ask"
    read -r -t 60 value <&"$answers" || exit 1
    [ "$value" != "$2" ] || exit 0
    read -r -t 0.1 <&"$answers" || true # a sleep that starts no process
  done
  exit 1
)

# becomes SQL VALUE: waits until the statement, which returns one row, returns this value; false if it does not
# within minutes.
becomes() {
  local end=$((SECONDS + 300))
  until ask_until "$1" "$2" 2>/dev/null; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

e2e_finish() {
  local valid=1
  standin_stop
  [ -z "${CLUSTER_DIR:-}" ] || cluster_stop
  [ -z "${JSON_RECORDS:-}" ] || "$build/check_output" "$build/darkroom" "$JSON_RECORDS" || valid=
  if [ -n "${KEEP:-}" ]; then
    echo "kept: $work ${JSON_RECORDS:-}" >&2
  else
    rm -rf "$work" "${JSON_RECORDS:-$work}"
  fi
  if [ -z "$valid" ]; then
    echo 'FAILED: --json printed what is not in the schema' >&2
    exit 1
  fi
}

# A working folder, removed at the end. Enough for tests without a database.
e2e_folder() {
  work=$(mktemp -d /tmp/dr-e2e.XXXXXX)
  if [ -n "${JSON_RECORDER:-}" ]; then
    JSON_RECORDS=$(mktemp -d /tmp/dr-json.XXXXXX)
    export JSON_RECORDS
    # shellcheck disable=SC2034 # for tests that empty the environment: env -i "${recording[@]}" ...
    recording=("JSON_RECORDS=$JSON_RECORDS" "JSON_RECORDER=$JSON_RECORDER")
  fi
  trap e2e_finish EXIT
}

# A working folder and the database app with the host application's tables, without darkroom's.
e2e_host_database() {
  e2e_folder
  cluster_start
  trap e2e_finish EXIT # cluster_start has replaced it
  createdb app
  psql -Xq -v ON_ERROR_STOP=1 app -f "$tests/../sql/host_application.sql"
}

# A database that is ready for workers.
e2e_begin() {
  e2e_host_database
  export DATABASE_URL="postgresql:///app?host=$PGHOST&user=postgres"
  "$DARKROOM" migrate >/dev/null
}

# Removes all users, jobs and accounts, so that a test can insert its sellers again.
clear_shop() {
  query 'truncate "User", job_queue, darkroom.account, darkroom.charge, darkroom.claimed_job,
         darkroom.child_job, darkroom.deleted_job cascade' 2>/dev/null
}

# expect_query WHAT SQL VALUE: the statement must return exactly this value.
expect_query() {
  local value
  value=$(query "$2") || fail "$1: $2"
  [ "$value" = "$3" ] || fail "$1: '$value', expected '$3'"
  checks=$((checks + 1))
}

# expect_invariants: rows, ledger, files and leases must agree (lib/invariants.sql).
expect_invariants() {
  local broken
  broken=$(psql -XAtq -v ON_ERROR_STOP=1 app -f "$tests/lib/invariants.sql")
  [ -z "$broken" ] || fail "an invariant is broken: $broken"
  checks=$((checks + 1))
}

# expect_no_keys FILE...: no key of the stand-in may appear in these files.
expect_no_keys() {
  local found
  found=$(grep -l canary "$@") || [ $? -eq 1 ]
  [ -z "$found" ] || fail "a key appears in $found"
  checks=$((checks + 1))
}

# json FILTER FILE [jq flags]: values out of a file with one JSON object per line. Lines that are
# not JSON are skipped, since a killed process can leave half a line.
json() {
  local filter=$1 file=$2
  shift 2
  jq -Rr "$@" "fromjson? | $filter" "$file"
}

# model_calls JOURNAL: how many calls to models the stand-in has recorded.
model_calls() {
  json 'select(.route | IN("images", "edits", "responses", "chat")) | 1' "$1" | wc -l
}
