-- 023_host_changes.sql - plain statements of other programs that would leave charges behind: they empty
-- job_queue, or change the id of a user. See also note_deleted_jobs() and note_job_end().

create or replace function darkroom.note_truncated_jobs() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into darkroom.deleted_job (job_id)
  select c.job_id from darkroom.charge c
   where c.state = 'open' and not exists (select 1 from public.job_queue q where q.id = c.job_id)
  on conflict do nothing;
  return null;
end
$$;
comment on function darkroom.note_truncated_jobs is
  'Notes the unfinished jobs that a TRUNCATE removes, as note_deleted_jobs() does for a DELETE.';
create or replace trigger darkroom_note_truncated after truncate on public.job_queue
  for each statement execute function darkroom.note_truncated_jobs();

create or replace function darkroom.rename_user(former text, new_id text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  -- Of a deleted user with the new id an account may be left.
  insert into darkroom.account as a (user_id, opening, used)
  select new_id, o.opening, o.used from darkroom.account o where o.user_id = former
  on conflict (user_id) do update
    set opening = a.opening + excluded.opening, used = a.used + excluded.used;
  delete from darkroom.account a where a.user_id = former;
  update darkroom.charge c set user_id = new_id where c.user_id = former;
  update darkroom.claimed_job c set user_id = new_id where c.user_id = former;
  update darkroom.owed_refund o set user_id = new_id where o.user_id = former;
  update darkroom.stored_object o set user_id = new_id where o.user_id = former;
  update darkroom.batch_item i set user_id = new_id where i.user_id = former;
  update darkroom.claim_pause p set name = new_id where p.kind = 'user' and p.name = former
     and not exists (select 1 from darkroom.claim_pause x where x.kind = 'user' and x.name = new_id);
end
$$;
comment on function darkroom.rename_user is
  'Gives a user''s account, charges and records another user id.';

create or replace function darkroom.follow_user() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.id <> old.id then
    perform darkroom.rename_user(old.id, new.id);
  end if;
  return null;
end
$$;
comment on function darkroom.follow_user is
  'Follows a change of "User".id, which the application''s foreign keys pass on to all of its tables.';

-- Without a column list or condition, which would keep the application from changing the column's type.
-- Only if it is missing, because it locks "User". Another role may own that table.
do $trigger$
begin
  if not exists (select 1 from pg_trigger t where t.tgrelid = 'public."User"'::regclass
                    and t.tgname = 'darkroom_follow_user')
    and has_table_privilege('public."User"', 'trigger') then
    create trigger darkroom_follow_user after update on public."User"
      for each row execute function darkroom.follow_user();
  end if;
end
$trigger$;

-- -- the objects of darkroom ------------------------------------------------------------------------
--
-- Another program can drop or replace them: a tool that makes the database equal to its own schema, the
-- application's migration that creates its queue functions again, a restored backup of schema public.

create table if not exists darkroom.schema_object (
  kind text not null,
  name text not null,
  digest text not null default '',
  primary key (kind, name)
);
comment on table darkroom.schema_object is
  'The objects that the last migration left: darkroom migrate restores what is missing of them.';
comment on column darkroom.schema_object.kind is 'table, column, view, index, function, trigger, policy or setting.';
comment on column darkroom.schema_object.name is 'Name, with that of its table.';
comment on column darkroom.schema_object.digest is 'Of a function: MD5 of its text. Empty for the others.';

create or replace function darkroom.present_objects()
returns table (kind text, name text, digest text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  with ours as ( -- tables that have objects of darkroom
    select c.oid, c.relkind, c.relnamespace = 'darkroom'::regnamespace as whole, c.relrowsecurity,
           c.oid::regclass::text as name
      from pg_class c
     where c.relnamespace = 'darkroom'::regnamespace and c.relkind in ('r', 'p', 'v')
        or c.oid in (to_regclass('public.job_queue'), to_regclass('public."User"'))
  )
  select case o.relkind when 'v' then 'view' else 'table' end, o.name, ''
    from ours o where o.whole
  union all
  select 'column', o.name || '.' || a.attname, ''
    from ours o join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
   where o.whole or a.attname like 'darkroom\_%'
  union all
  select 'index', i.indexrelid::regclass::text, ''
    from ours o join pg_index i on i.indrelid = o.oid and i.indisvalid
    join pg_class c on c.oid = i.indexrelid
   where o.whole or c.relname like 'darkroom\_%'
  union all
  select 'trigger', t.tgname || ' on ' || o.name, ''
    from ours o join pg_trigger t on t.tgrelid = o.oid and not t.tgisinternal and t.tgenabled <> 'D'
   where o.whole or t.tgname like 'darkroom\_%'
  union all
  select 'policy', p.polname || ' on ' || o.name, ''
    from ours o join pg_policy p on p.polrelid = o.oid
   where p.polname like 'darkroom\_%' and p.polname not like 'darkroom\_worker\_%' -- by --grants
  union all
  select 'setting', 'row level security of ' || o.name, ''
    from ours o where o.oid = to_regclass('public.job_queue') and o.relrowsecurity
  union all
  select 'function', p.oid::regprocedure::text, md5(p.prosrc)
    from pg_proc p
   where p.pronamespace = 'darkroom'::regnamespace
      or p.oid in (to_regprocedure('public.get_next_job()'),
                   to_regprocedure('public.mark_job_processing(uuid)'),
                   to_regprocedure('public.mark_job_completed(uuid)'),
                   to_regprocedure('public.mark_job_failed(uuid, text)'))
$$;
comment on function darkroom.present_objects is
  'Returns the objects of darkroom that exist, and work: an invalid index and a disabled trigger do not.';

create or replace function darkroom.damaged_objects() returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(o.kind || ' ' || o.name order by o.kind, o.name), '[]')
    from darkroom.schema_object o
   where not exists (select 1 from darkroom.present_objects() p
                      where p.kind = o.kind and p.name = o.name and p.digest = o.digest)
     -- of an object that is missing as a whole, not its parts
     and not exists (select 1 from darkroom.schema_object w
                      where w.kind in ('table', 'view') and starts_with(o.name, w.name || '.')
                        and to_regclass(w.name) is null)
$$;
comment on function darkroom.damaged_objects is
  'Returns what another program has dropped, disabled or replaced since the last migration.';

create or replace function darkroom.record_objects() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  r record;
begin
  for r in select t.tgrelid::regclass as tab, t.tgname from pg_trigger t
            where t.tgrelid in (to_regclass('public.job_queue'), to_regclass('public."User"'))
              and t.tgname like 'darkroom\_%' and t.tgenabled = 'D' loop
    execute format('alter table %s enable trigger %I', r.tab, r.tgname);
  end loop;
  delete from darkroom.schema_object;
  insert into darkroom.schema_object (kind, name, digest)
  select p.kind, p.name, p.digest from darkroom.present_objects() p;
end
$$;
comment on function darkroom.record_objects is
  'Enables all triggers of darkroom, and records its objects. Runs at the end of each migration.';
