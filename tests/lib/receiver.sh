# shellcheck shell=bash
# receiver.sh - starts lib/receiver.c, which keeps the requests that a test's program sends. Source it
# after e2e.sh. The process ends with the test's shell.

receiver_start() { # FOLDER: sets receiver_url
  mkdir -p "$1"
  receiver_folder=$1
  "$build/receiver" "$1" >"$1.out" 2>&1 &
  receiver_pid=$!
  trap 'kill "$receiver_pid" 2>/dev/null; e2e_finish' EXIT
  for _ in $(seq 600); do
    [ ! -s "$1.out" ] || break
    sleep 0.1
  done
  receiver_url=http://127.0.0.1:$(sed -n 's/^listening on //p' "$1.out")
}

receiver_count() { find "$receiver_folder" -name '*.body' | wc -l; }

receiver_wait() { # N: until so many requests were received; fails after a minute
  for _ in $(seq 600); do
    [ "$(receiver_count)" -lt "$1" ] || return 0
    sleep 0.1
  done
  fail "$(receiver_count) requests were received, expected $1"
}
