# shellcheck shell=bash
# pooler.sh - a private PgBouncer in front of the private Postgres: source it after cluster.sh, then
# pooler_start. pooler_stop in the test's own EXIT trap.

pooler=
pooler_start() { # DATABASE MODE: sets POOLER_URL; MODE is session or transaction
  local folder=$CLUSTER_DIR/pooler port=6432
  mkdir -p "$folder"
  printf '"postgres" ""\n' >"$folder/users"
  cat >"$folder/ini" <<INI
[databases]
$1 = host=$CLUSTER_DIR dbname=$1 user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = $folder
listen_port = $port
auth_type = trust
auth_file = $folder/users
pool_mode = $2
default_pool_size = 3
max_client_conn = 100
server_idle_timeout = 600
logfile = $folder/log
pidfile = $folder/pid
INI
  [ "$(id -u)" -ne 0 ] || chown -R postgres "$folder"
  PATH=$PATH:/usr/sbin cluster_as pgbouncer -q "$folder/ini" >"$CLUSTER_DIR/pooler.out" 2>&1 &
  pooler=$folder/pid
  export POOLER_URL="postgresql:///$1?host=$folder&port=$port&user=postgres"
  for _ in $(seq 600); do
    psql -XAtq "$POOLER_URL" -c 'select 1' >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  cat "$CLUSTER_DIR/pooler.out" "$folder/log" >&2
  return 1
}

pooler_stop() {
  [ -z "$pooler" ] || [ ! -e "$pooler" ] || kill "$(cat "$pooler")" 2>/dev/null || true
  pooler=
}
