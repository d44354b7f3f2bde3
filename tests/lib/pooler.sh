# shellcheck shell=bash
# pooler.sh - a private PgBouncer in front of the private Postgres: source it after cluster.sh, then
# pooler_start, or pooler_configure and pooler_run. pooler_stop in the test's own EXIT trap.

pooler_url() { echo "postgresql:///$1?host=$CLUSTER_DIR/pooler&port=6432&user=$2"; } # DATABASE USER

pooler_configure() { # DATABASES SETTINGS: lines of the sections [databases] and [pgbouncer]
  local folder=$CLUSTER_DIR/pooler
  mkdir -p "$folder"
  printf '"worker" ""\n"postgres" ""\n' >"$folder/users"
  cat >"$folder/ini" <<INI
[databases]
$1
[pgbouncer]
listen_port = 6432
unix_socket_dir = $folder
auth_type = trust
auth_file = $folder/users
admin_users = postgres
logfile = $folder/log
pidfile = $folder/pid
$2
INI
  [ "$(id -u)" -ne 0 ] || chown -R postgres "$folder"
}

pooler_run() { # also after pooler_kill; does not wait until it accepts connections
  rm -f "$CLUSTER_DIR"/pooler/pid "$CLUSTER_DIR"/pooler/.s.PGSQL.*
  cluster_as "$(PATH=$PATH:/usr/sbin command -v pgbouncer)" -q -d "$CLUSTER_DIR/pooler/ini"
}

pooler_start() { # DATABASE MODE: sets POOLER_URL; MODE is session or transaction
  pooler_configure "$1 = host=$CLUSTER_DIR dbname=$1 user=postgres pool_mode=$2" 'default_pool_size = 3'
  POOLER_URL=$(pooler_url "$1" postgres)
  export POOLER_URL
  pooler_run
  for _ in $(seq 600); do
    psql -XAtq "$POOLER_URL" -c 'select 1' >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  cat "$CLUSTER_DIR/pooler/log" >&2
  return 1
}

pooler_signal() { # SIGNAL
  local pid
  pid=$(cat "${CLUSTER_DIR:-}/pooler/pid" 2>/dev/null) || return 0
  kill "-$1" "$pid" 2>/dev/null || true
}
pooler_stop() { pooler_signal TERM; }
pooler_kill() { pooler_signal KILL; }
