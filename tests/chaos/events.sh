# shellcheck shell=bash disable=SC2034
# events.sh - what can happen. An event is a function event_NAME with three numbers: a to choose a
# target, b for a duration in milliseconds, c for a detail. The list below gives the weights.

event_weights='kill 10|freeze 6|stop_gently 3|signal 4|database_crash 4|cut_sessions 8|role_limit 3
crowd 3|pooler_restart 4|pooler_recycle 4|row_lock 6|table_lock 3|clock 5|full_disk 3|delete_job 4
delete_project 2|delete_user 2|tamper 3|old_functions 4|migrate 3|undo 2|faults 10|standin_freeze 3
column_type 2'

# quietly SQL: a statement of the test itself. The server may be down: that is part of the chaos.
quietly() { psql -XAtq -v ON_ERROR_STOP=1 app -c "$1" >/dev/null 2>&1 || true; }

later() { # DELAY_MS COMMAND...: runs the command from the main loop
  now_ms
  later_at+=($((now + $1)))
  shift
  later_do+=("$*")
}
run_later() { # runs what is due; with `all`, everything
  local i
  now_ms
  for i in "${!later_at[@]}"; do
    if [ "${1:-}" = all ] || [ "${later_at[$i]}" -le "$now" ]; then
      local command=${later_do[$i]}
      unset "later_at[$i]" "later_do[$i]"
      eval "$command"
    fi
  done
}

session() { # SECONDS SQL: holds a transaction open in the background
  psql -XAtq app -c "set lock_timeout = '1s'" -c "begin" -c "$2" -c "select pg_sleep($1)" \
    -c rollback >/dev/null 2>&1 &
  helpers+=($!)
}
seconds() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); }

# --- workers

event_kill() {
  local i=$(($1 % ${#pids[@]}))
  [ -n "${pids[$i]}" ] || return 0
  say "kill -9 worker $i"
  kills=$((kills + 1))
  now_ms
  record_deaf $((now - 1000)) $((now + 1000))
  kill -9 "${pids[$i]}"
  wait "${pids[$i]}" 2>/dev/null || true
  pids[i]="" restart_at[i]=$((now + $2 / 3))
}
event_freeze() {
  local i=$(($1 % ${#pids[@]})) pid=${pids[$(($1 % ${#pids[@]}))]}
  [ -n "$pid" ] || return 0
  say "SIGSTOP worker $i for $(seconds $((2 * $2))) s"
  kill -STOP "$pid" 2>/dev/null || true
  now_ms
  record_deaf $((now - 1000)) $((now + 2 * $2 + 2000))
  later $((2 * $2)) "kill -CONT $pid 2>/dev/null || true; say 'SIGCONT worker $i'"
}
event_stop_gently() {
  local i=$(($1 % ${#pids[@]}))
  [ -n "${pids[$i]}" ] || return 0
  say "SIGTERM worker $i"
  expected[i]=term
  now_ms
  record_deaf "$now" $((now + 6000)) # calls that run longer than --grace are cut off
  kill -TERM "${pids[$i]}" 2>/dev/null || true
}
event_signal() {
  local i=$(($1 % ${#pids[@]})) names=(USR1 PIPE HUP)
  [ -n "${pids[$i]}" ] || return 0
  local name=${names[$(($3 % 3))]}
  say "SIG$name worker $i"
  [ "$name" != HUP ] || expected[i]=hup # it may stop gently
  kill "-$name" "${pids[$i]}" 2>/dev/null || true
}
event_clock() {
  local jumps=(-86400 -3600 -30 30 3600 86400)
  say "the clock of worker 0 jumps by ${jumps[$(($3 % 6))]} s"
  printf '%+d\n' "${jumps[$(($3 % 6))]}" >"$work/clock"
  later $((4 * $2)) "echo +0 >'$work/clock'; say 'the clock of worker 0 is right again'"
}
event_full_disk() {
  [ -n "$spool_is_small" ] || return 0
  say "the spool is full for $(seconds "$2") s"
  head -c 100m /dev/zero >"$work/spool/full" 2>/dev/null || true
  now_ms
  record_deaf $((now - 1000)) $((now + $2 + 10000)) # answers were not kept
  later "$2" "rm -f '$work/spool/full'; say 'the spool has space again'"
}

# --- database

event_database_crash() {
  say "Postgres crashes and restarts"
  cluster_server restart || cluster_server start || true
}
event_cut_sessions() {
  say "sessions of workers are terminated"
  quietly "select count(pg_terminate_backend(pid)) from pg_stat_activity
            where usename = 'worker' and pid % 4 <> $(($3 % 5))"
}
event_role_limit() {
  say "too many connections for role, for $(seconds "$2") s"
  quietly "alter role worker connection limit 1"
  quietly "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'worker'"
  later "$2" "quietly 'alter role worker connection limit -1'; say 'the role has no limit'"
}
event_crowd() {
  local free
  say "other clients take all connections for $(seconds "$2") s"
  quietly "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'worker'"
  free=$(query "select 56 - count(*) from pg_stat_activity where backend_type = 'client backend'" 2>/dev/null) || true
  [ "${free:-0}" -gt 0 ] || return 0
  echo "select pg_sleep($(seconds "$2"))" >"$work/crowd.sql"
  "$CLUSTER_BIN/pgbench" -n -U crowd -c "$free" -t 1 -f "$work/crowd.sql" app >/dev/null 2>&1 &
  helpers+=($!)
}
event_pooler_restart() {
  say "PgBouncer is killed and started again"
  pooler_kill
  pooler_run
}
event_pooler_recycle() {
  say "PgBouncer takes new server connections"
  pooler_admin 'reconnect' >/dev/null 2>&1 || true
}
event_row_lock() {
  local statements=("update \"Project\" set name = name where id = 'p$(($1 % sellers + 1))'"
    "update \"User\" set name = name where id = 'u$(($1 % sellers + 1))'"
    "select 1 from job_queue where user_id = 'u$(($1 % sellers + 1))' for update")
  say "a session holds a lock of seller $(($1 % sellers + 1)) for $(seconds $((2 * $2))) s"
  session "$(seconds $((2 * $2)))" "${statements[$(($3 % 3))]}"
}
event_table_lock() {
  local tables=('"GeneratedImage"' '"CreditTransaction"' job_queue)
  say "a session locks ${tables[$(($3 % 3))]} for $(seconds $(($2 / 2))) s"
  session "$(seconds $(($2 / 2)))" "lock table ${tables[$(($3 % 3))]} in share mode"
}
event_column_type() {
  local types=('text' 'varchar(400)')
  say "\"productName\" becomes ${types[$(($3 % 2))]}"
  quietly "set lock_timeout = '2s'; alter table \"Project\" alter \"productName\" type ${types[$(($3 % 2))]}"
}
event_migrate() {
  say "migrate"
  timeout 60 "$DARKROOM" migrate >>"$work/migrate.log" 2>&1 &
  helpers+=($!)
}

# Refused while workers hold jobs, which then must be as they were. Else the next command installs it again.
event_undo() {
  say "migrate --undo, and migrate"
  undo_begun=1
  (timeout 60 "$DARKROOM" migrate --undo --yes && echo "undone" || true; timeout 60 "$DARKROOM" migrate) \
    >>"$work/migrate.log" 2>&1 &
  helpers+=($!)
}

# --- the application

event_delete_job() {
  say "a job of seller $(($1 % sellers + 1)) is deleted"
  quietly "delete from job_queue where id = (select id from job_queue
            where user_id = 'u$(($1 % sellers + 1))' and status in ('pending', 'processing') order by id limit 1)"
}
event_delete_project() {
  say "project $(($1 % sellers + 1)) is deleted"
  quietly "set lock_timeout = '3s'; delete from \"Project\" where id = 'p$(($1 % sellers + 1))'"
}
event_delete_user() {
  say "user $(($1 % sellers + 1)) is deleted"
  quietly "set lock_timeout = '3s'; delete from \"User\" where id = 'u$(($1 % sellers + 1))'"
}
event_tamper() {
  say "a job of seller $(($1 % sellers + 1)) gets a payload with the project of seller $(($3 % sellers + 1))"
  quietly "set lock_timeout = '3s';
    with t as (update job_queue set payload = payload || '{\"projectId\":\"p$(($3 % sellers + 1))\"}'
                where id = (select id from job_queue where user_id = 'u$(($1 % sellers + 1))'
                             and status in ('pending', 'processing') order by id limit 1) returning id)
    insert into chaos.tampered select id from t on conflict do nothing"
}
event_old_functions() {
  local calls=('mark_job_completed(id)' "mark_job_failed(id, 'by the application')" 'mark_job_processing(id)')
  say "the application calls ${calls[$(($3 % 3))]} for jobs that workers hold"
  quietly "set lock_timeout = '3s';
    select ${calls[$(($3 % 3))]} from (select id from job_queue where status = 'processing'
      and user_id = 'u$(($1 % sellers + 1))' order by id) q"
}

# --- the provider and the store

standin_faults() { # FAULTS: false if the stand-in, which may be stopped, has not answered
  local code=0
  exec 3<>"/dev/tcp/127.0.0.1/${base##*:}" || return 0
  printf 'POST /_standin/faults HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' \
    "${#1}" "$1" >&3
  read -r -t "${2:-0.2}" _ code _ <&3 || true
  exec 3>&-
  [ "$code" = 200 ]
}
event_faults() {
  local all=('rate=0.3,status=500' 'rate=0.3,status=429,code=rate_limit_exceeded,retry-after=1'
    'rate=0.3,drop' 'rate=0.3,reset' 'rate=0.3,truncate' 'rate=0.3,drip' 'rate=0.2,html'
    'rate=0.2,garbage,match=Product: Cup' 'rate=0.2,corrupt,match=Product: Cup' 'rate=0.3,status=503,match=storage')
  say "the stand-in misbehaves for $(seconds "$2") s: ${all[$(($3 % 10))]}"
  standin_faults "${all[$(($3 % 10))]}" || true
  later "$2" "standin_faults '' || true"
}
event_standin_freeze() {
  say "the stand-in stops for $(seconds $(($2 / 2))) s"
  kill -STOP "$standin"
  later $(($2 / 2)) "kill -CONT $standin"
}
