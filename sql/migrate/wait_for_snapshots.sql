-- A concurrent index build waits for every older transaction, without a limit. It starts when there
-- is none, so that a transaction that stays open is named instead.
do $wait$
begin
  if exists (select 1 from pg_stat_activity s
              where s.datname = current_database() and s.pid <> pg_backend_pid()
                and s.backend_type = 'client backend' and s.xact_start < now() - interval '1 second'
                and (s.backend_xmin is not null or s.backend_xid is not null)) then
    raise exception 'An older transaction is open.' using errcode = 'lock_not_available';
  end if;
end
$wait$;
