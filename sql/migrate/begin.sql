-- Waits at most a quarter of a second for a lock. Statements of the application queue behind this
-- transaction for that time, and for the time that the transaction takes once it has its locks.
-- After "canceling statement due to lock timeout", run it again.
begin read write;
set local client_min_messages = warning;
set local lock_timeout = '250ms';
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local search_path = public;
select pg_advisory_xact_lock(720726171);
-- Everything in schema darkroom belongs to one role, whichever member of it migrates.
do $role$
declare
  owner name;
begin
  for owner in
    select r.rolname from pg_namespace n join pg_roles r on r.oid = n.nspowner
     where n.nspname = 'darkroom' and r.rolname <> current_user
  loop
    execute format('set local role %I', owner);
  end loop;
end
$role$;
