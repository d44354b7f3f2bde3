# shellcheck shell=bash
# waiting.sh - for end-to-end tests with a worker whose jobs wait for services: source it after e2e.sh.

worker=""
worker_flags=()
# start_worker: with the flags in worker_flags; its output goes to $work/work.out and $work/work.log.
start_worker() {
  "$DARKROOM" work --store supabase --spool "$work/spool" --jobs 6 --pause 1 --retry-base 50 --poll 1 \
    "${worker_flags[@]}" >>"$work/work.out" 2>>"$work/work.log" &
  worker=$!
}

stop_worker() {
  [ -z "$worker" ] || { kill "$worker" 2>/dev/null || true; wait "$worker" 2>/dev/null || true; }
  worker=
}

# make_seller N: N sellers u1, u2, ... with projects p1, p2, ..., photos and credits, and without jobs.
make_seller() {
  psql -Xq -v ON_ERROR_STOP=1 -v packs="$1" -v base="$base" app -f "$tests/lib/shop.sql"
  query "truncate job_queue; update \"CreditTransaction\" set amount = 0 where type = 'USAGE';
         insert into \"CreditTransaction\" (id, \"userId\", amount, type)
           select 'more' || n, 'u' || n, 10000, 'PURCHASE' from generate_series(1, $1) n"
}

# make_images N [SELLER]: N images, charged as the application does.
make_images() {
  query "insert into \"CreditTransaction\" (id, \"userId\", amount, type)
           select gen_random_uuid()::text, 'u${2:-1}', -8, 'USAGE' from generate_series(1, $1);
         insert into job_queue (job_type, payload, user_id)
           select 'generate-image', '{\"projectId\":\"p${2:-1}\",\"imageType\":\"LIFESTYLE\"}', 'u${2:-1}'
             from generate_series(1, $1)"
}

# until_query WHAT SQL VALUE: waits for minutes until the statement returns the value.
until_query() {
  # shellcheck disable=SC2034 # for the tests
  if becomes "$2" "$3"; then checks=$((checks + 1)); return 0; fi
  tail -n 5 "$work/work.log" >&2
  fail "$1: $(query "$2"), expected $3; $(query 'select key, state, reason from darkroom.service')"
}

# in_state STATE: waits until a service has this state.
in_state() { until_query "a service is $1" "select count(*) > 0 from darkroom.service where state = '$1'" t; }

# all_done: waits until all jobs have ended; none may have failed or used an attempt.
all_done() {
  until_query 'all jobs end' "select count(*) from job_queue where status in ('pending', 'processing')" 0
  expect_query 'attempts used' 'select coalesce(sum(retry_count + darkroom_busy), 0) from job_queue' 0
  expect_query 'failed' "select count(*) from job_queue where status = 'failed'" 0
}
