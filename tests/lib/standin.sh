# shellcheck shell=bash
# standin.sh - the stand-in for the models and for Supabase Storage, for a test: source it, then
# standin_start; standin_stop in the test's own EXIT trap. Sets base, and what the worker needs.

standin=
standin_start() { # LOG FLAGS...
  local log=$1
  shift
  : >"$log" # it is read before the stand-in has opened it
  "$DARKROOM" stand-in "$@" >>"$log" 2>&1 &
  standin=$!
  base=
  for _ in $(seq 1200); do # a minute: a loaded machine can take seconds
    base=$(sed -n 's/^listening on //p' "$log")
    [ -n "$base" ] && break
    kill -0 "$standin" 2>/dev/null || break
    sleep 0.05
  done
  [ -n "$base" ] || { cat "$log" >&2; return 1; }
  export OPENAI_API_KEY=sk-canary-4f1f0c2e9b OPENAI_BASE_URL=$base/v1
  export SUPABASE_URL=$base SUPABASE_SECRET_KEY=sb_secret_canary_991a
}

standin_stop() { [ -z "$standin" ] || kill "$standin" 2>/dev/null || true; }

# Requests over a socket of our own: no program is needed for them.
standin_put() { # BUCKET FILE: under the file's own name; fails unless the answer is 200
  local type=image/jpeg code
  case $2 in *.png) type=image/png ;; esac
  exec 3<>"/dev/tcp/127.0.0.1/${base##*:}"
  {
    printf 'POST /storage/v1/object/%s/%s HTTP/1.1\r\nHost: x\r\n' "$1" "$(basename "$2")"
    printf 'apikey: %s\r\nx-upsert: true\r\nContent-Type: %s\r\n' "$SUPABASE_SECRET_KEY" "$type"
    printf 'Content-Length: %s\r\nConnection: close\r\n\r\n' "$(stat -c %s "$2")"
    cat "$2"
  } >&3
  read -r _ code _ <&3
  exec 3>&-
  [ "$code" = 200 ]
}

standin_get() { # URL FILE: the body; fails unless the answer is 200
  local code line
  exec 3<>"/dev/tcp/127.0.0.1/${base##*:}"
  printf 'GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' "${1#"$base"}" >&3
  read -r _ code _ <&3
  while read -r line <&3 && [ "${line%$'\r'}" != "" ]; do :; done
  cat <&3 >"$2"
  exec 3>&-
  [ "$code" = 200 ]
}

standin_control() { # PATH BODY: changes the stand-in while it runs; fails unless the answer is 200
  local code
  exec 3<>"/dev/tcp/127.0.0.1/${base##*:}"
  printf 'POST /_standin/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' \
    "$1" "${#2}" "$2" >&3
  read -r _ code _ <&3
  exec 3>&-
  [ "$code" = 200 ]
}
