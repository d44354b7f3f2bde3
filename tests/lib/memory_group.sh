# shellcheck shell=bash
# memory_group.sh - runs programs with a limit of memory that the kernel enforces: a control group of
# version 1 or 2, below the one of this shell. Source it, then memory_group_begin.

memory_group=
memory_group_kind=

# memory_group_begin BYTES: fails if this user may create no group here.
memory_group_begin() {
  local own base limit
  own=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
  if [ -n "$own" ] && [ -e /sys/fs/cgroup/memory/memory.limit_in_bytes ]; then
    base=/sys/fs/cgroup/memory$own
    [ -d "$base" ] || base=/sys/fs/cgroup/memory
    limit=memory.limit_in_bytes memory_group_kind=1
  else
    base=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
    limit=memory.max memory_group_kind=2
    grep -qsw memory "$base/cgroup.subtree_control" || return 1
  fi
  memory_group=$base/dr-test-$$
  mkdir "$memory_group" 2>/dev/null || { memory_group=; return 1; }
  echo "$1" >"$memory_group/$limit" 2>/dev/null || { memory_group_end; return 1; }
}

# memory_group_enter: moves this shell into the group; a test calls it in a subshell.
memory_group_enter() { [ -z "$memory_group" ] || echo "$BASHPID" >"$memory_group/cgroup.procs"; }

memory_group_peak() { # bytes
  cat "$memory_group/memory.max_usage_in_bytes" 2>/dev/null || cat "$memory_group/memory.peak"
}

memory_group_kills() { # processes that the kernel has killed for lack of memory
  sed -n 's/^oom_kill //p' "$memory_group/memory.oom_control" "$memory_group/memory.events" 2>/dev/null
}

memory_group_end() {
  [ -z "$memory_group" ] && return
  for _ in $(seq 100); do
    rmdir "$memory_group" 2>/dev/null && break
    sleep 0.1
  done
  memory_group=
}
