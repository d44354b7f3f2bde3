# shellcheck shell=bash
# world.sh - what runs during the chaos: Postgres, PgBouncer, the stand-in and the workers. The workers
# are supervised as by systemd: each one that ends is started again after a delay. One that ends although
# nothing told it to is a finding.

now_ms() { local t=${EPOCHREALTIME/./}; now=$((t / 1000 - begun_ms)); } # sets now
say() { now_ms; printf '%4d.%d s  %s\n' $((now / 1000)) $((now % 1000 / 100)) "$*"; }

# --- PgBouncer: one process, with the database as app_session and as app_transaction

pooler_begin() {
  pooler_configure "app_session = host=$CLUSTER_DIR dbname=app pool_mode=session
app_transaction = host=$CLUSTER_DIR dbname=app pool_mode=transaction" 'default_pool_size = 20
server_lifetime = 3
server_idle_timeout = 2
server_login_retry = 1'
  pooler_run
}
pooler_admin() { psql -XAtq "$(pooler_url pgbouncer postgres)" -c "$1"; }

# --- workers, numbered from 1; each reaches the database in its own way

ways=(direct session transaction direct)
pids=() restart_at=() expected=()
own_exits=0 kills=0 undo_begun=""

worker_url() { # INDEX
  case ${ways[$1]} in
    direct) echo "postgresql:///app?host=$PGHOST&user=worker" ;;
    session | transaction) pooler_url "app_${ways[$1]}" worker ;;
  esac
}

# The clock of this worker reads the file clock.INDEX, which an event can change while it runs.
with_clock() { # INDEX COMMAND...
  local index=$1 library
  shift
  library=$(compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1') || library=
  if [ "$index" -eq 0 ] && [ -n "$library" ]; then
    exec env LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$work/clock" FAKETIME_NO_CACHE=1 \
      FAKETIME_DONT_FAKE_MONOTONIC=1 "$@"
  fi
  exec "$@"
}

worker_start() { # INDEX
  (
    DATABASE_URL=$(worker_url "$1")
    export DATABASE_URL
    with_clock "$1" "$DARKROOM" work --store supabase --spool "$work/spool" --lease 5 --poll 1 \
      --jobs 12 --concurrency 12 --retry-base 100 --pause 1 --grace 3 --log-format json \
      >>"$work/worker$1.log" 2>&1
  ) &
  now_ms
  pids[$1]=$! restart_at[$1]=0 expected[$1]=""
}

# A worker that starts while darkroom is removed from the database ends, as it should.
found_no_schema() { # INDEX STATUS
  [ -n "$undo_begun" ] && [ "$2" -eq 78 ] && tail -n 5 "$work/worker$1.log" | grep -q 'is not set up for darkroom'
}

# Collects workers that have ended, and starts those whose time has come.
workers_supervise() {
  local i status
  now_ms
  for i in "${!pids[@]}"; do
    if [ -n "${pids[$i]}" ] && ! kill -0 "${pids[$i]}" 2>/dev/null; then
      status=0
      wait "${pids[$i]}" 2>/dev/null || status=$?
      if [ -z "${expected[$i]}" ] && ! found_no_schema "$i" "$status"; then
        own_exits=$((own_exits + 1))
        say "worker $i ended by itself with status $status: $(tail -n 1 "$work/worker$i.log" | cut -c -300)"
      fi
      pids[i]="" restart_at[i]=$((now + 500))
    elif [ -z "${pids[$i]}" ] && [ "$now" -ge "${restart_at[$i]}" ]; then
      worker_start "$i"
    fi
  done
}

# An interval in which workers could not receive what was sent to them: read by the auditor.
record_deaf() { # FROM_MS UNTIL_MS, since the begin
  printf '%s %s\n' $((begun_ms + $1)) $((begun_ms + $2)) >>"$work/deaf"
}

world_begin() { # WORKERS
  local i
  begun_ms=$((${EPOCHREALTIME/./} / 1000))
  e2e_begin
  psql -Xq -v ON_ERROR_STOP=1 app -f "$tests/chaos/observe.sql"
  # Not a superuser, so that connection limits apply to it, with the rights of the owner of the tables.
  query 'create role worker login in role postgres; create role crowd login'
  "$build/make_photo" "$work/photo.jpg"
  standin_start "$work/standin.log" --objects "$work/objects" --journal "$work/journal" \
    --latency lognormal:400:2000 --seed "$seed"
  standin_put product-images "$work/photo.jpg"
  mkdir -m 700 "$work/spool"
  mount -t tmpfs -o size=64m,mode=700 tmpfs "$work/spool" 2>/dev/null && spool_is_small=1 || spool_is_small=""
  echo '+0' >"$work/clock"
  : >"$work/deaf"
  pooler_begin
  trap world_end EXIT
  for i in $(seq 0 $(($1 - 1))); do worker_start "$i"; done
  begun_ms=$((${EPOCHREALTIME/./} / 1000))
}

world_end() {
  local pid
  for pid in "${pids[@]}" "${helpers[@]}"; do
    [ -n "$pid" ] || continue
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  pooler_kill
  [ -z "$standin" ] || kill -CONT "$standin" 2>/dev/null || true
  [ -z "$spool_is_small" ] || umount -l "$work/spool" || true
  e2e_finish
}
