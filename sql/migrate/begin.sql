-- Waits at most half a second for a lock, so that statements of the application that queue behind
-- this transaction wait no longer than that. After "canceling statement due to lock timeout", run
-- it again.
begin read write;
set local client_min_messages = warning;
set local lock_timeout = '500ms';
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
