# shellcheck shell=bash
# cluster.sh - a private Postgres for a test: source it, then call cluster_start. An EXIT trap stops it.
#
# Sets PGHOST and PGUSER. The server listens on a Unix socket in a temporary folder only. If the test runs
# as root, the server runs as the user postgres, which Debian's package creates.

cluster_bin() {
  local bin
  bin=$(command -v initdb) && { dirname "$(readlink -f "$bin")"; return; }
  find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1
}

cluster_as() { # runs a command as the user of the server
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
  else
    "$@"
  fi
}

cluster_server() { # VERB: start, stop or restart; stops with immediate mode, which equals a crash
  cluster_as "$CLUSTER_BIN/pg_ctl" -D "$CLUSTER_DIR/data" -s -w -m immediate -l "$CLUSTER_DIR/log" \
    -o "-k $CLUSTER_DIR -c listen_addresses='' -c fsync=off -c max_connections=60" "$1"
}

# Copies the data folder of an empty cluster, which the first test leaves beside the program: initdb takes
# half a second of processor time, and each test needs a cluster.
cluster_create() {
  local kept unfinished
  kept=$(dirname "$DARKROOM")/empty-cluster-$("$CLUSTER_BIN/initdb" --version | tr -dc '[:alnum:].')-$(id -u)
  if ! [ -d "$kept" ]; then
    cluster_as "$CLUSTER_BIN/initdb" -D "$CLUSTER_DIR/data" -A trust -U postgres --no-sync -E UTF8 \
      --locale=C.UTF-8 >/dev/null
    unfinished=$(mktemp -d "$kept.XXXXXX")
    cp -a "$CLUSTER_DIR/data" "$unfinished"
    # Several tests may do this at once: the rename of all but the first fails.
    mv -T "$unfinished/data" "$kept" 2>/dev/null || true
    rm -rf "$unfinished"
  else
    cp -a "$kept" "$CLUSTER_DIR/data"
  fi
}

# Prints the folder for clusters. In memory, if there is enough of it: a database is hundreds of small files,
# and a disk takes as long for these as Postgres for a test.
cluster_parent() {
  local free
  free=$(df --output=avail -B1M /dev/shm 2>/dev/null | tail -n 1) || true
  if [ -w /dev/shm ] && [ "${free:-0}" -ge 1500 ]; then echo /dev/shm; else echo /tmp; fi
}

cluster_start() {
  CLUSTER_BIN=$(cluster_bin)
  PATH=$CLUSTER_BIN:$PATH # Debian's psql in /usr/bin is a Perl program that starts this one
  CLUSTER_DIR=$(mktemp -d "$(cluster_parent)/dr-pg.XXXXXX")
  trap cluster_stop EXIT
  [ "$(id -u)" -ne 0 ] || chown postgres "$CLUSTER_DIR"
  cluster_create
  cluster_server start
  export PGHOST=$CLUSTER_DIR PGUSER=postgres
}

cluster_stop() {
  cluster_server stop || true
  rm -rf "$CLUSTER_DIR"
}
