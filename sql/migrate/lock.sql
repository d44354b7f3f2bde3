-- This lock waits for autovacuum, which ends when it is in the way for deadlock_timeout, and for
-- index builds. Reads and writes of the application do not wait for it.
set local lock_timeout = '3s';
lock table public.job_queue in share update exclusive mode;
-- Takes all other locks before the first change, job_queue first, as functions of workers do. The
-- waits together last at most a quarter of a second.
do $lock$
declare
  deadline constant timestamptz := clock_timestamp() + interval '250 ms';
  wanted regclass;
begin
  for wanted in
    select 'public.job_queue'::regclass
    union all
    (select c.oid::regclass from pg_class c
      where c.relnamespace = to_regnamespace('darkroom') and c.relkind in ('r', 'p')
      order by c.relname)
  loop
    perform set_config('lock_timeout', greatest(10, ceil(extract(epoch from
      deadline - clock_timestamp()) * 1000))::int || 'ms', true);
    execute format('lock table %s in access exclusive mode', wanted);
  end loop;
  if not exists (select 1 from pg_trigger t where t.tgname = 'darkroom_follow_user')
    and has_table_privilege('public."User"', 'trigger') then -- 023_host_changes.sql creates it
    lock table public."User" in share row exclusive mode;
  end if;
end
$lock$;
set local lock_timeout = '250ms';
