-- 010_access.sql - who may read and write job_queue, and darkroom's columns of it.
--
-- On Supabase the roles anon and authenticated have all privileges on tables of schema public. They
-- may insert no job, since a job costs money, and change none. Users read their own jobs.

create or replace function darkroom.protect_columns() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  owner constant name := (select r.rolname from pg_namespace n join pg_roles r on r.oid = n.nspowner
                           where n.nspname = 'darkroom');
  defaults text;
  old_values text;
begin
  select string_agg(format('new.%I := %s;', a.attname,
           coalesce(pg_get_expr(d.adbin, d.adrelid), 'null')), ' ' order by a.attnum),
         string_agg(format('new.%1$I := old.%1$I;', a.attname), ' ' order by a.attnum)
    into defaults, old_values
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = 'public.job_queue'::regclass and a.attname like 'darkroom\_%'
     and a.attgenerated = '' and not a.attisdropped
     and col_description(a.attrelid, a.attnum) is not null;
  -- The condition of the trigger compares with the owner's name, so that functions of darkroom
  -- never call the trigger's function. The function compares again, in case the owner was renamed.
  execute format($f$
    create or replace function darkroom.keep_columns() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp as $body$
    begin
      if current_user = (select r.rolname from pg_namespace n join pg_roles r on r.oid = n.nspowner
                          where n.nspname = 'darkroom') then
        return new;
      end if;
      if tg_op = 'INSERT' then
        %s
      else
        %s
      end if;
      return new;
    end
    $body$
  $f$, defaults, old_values);
  execute format('create or replace trigger darkroom_keep_columns before insert or update '
    'on public.job_queue for each row when (current_user <> %L) '
    'execute function darkroom.keep_columns()', owner);
  comment on function darkroom.keep_columns is
    'Gives darkroom''s columns of job_queue their defaults or old values if another role than the '
    'owner of schema darkroom writes them.';
end
$$;
comment on function darkroom.protect_columns is
  'Creates the trigger that keeps other roles from writing darkroom''s columns of job_queue.';

create or replace function darkroom.restrict_rows() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  policy name;
  role name;
  was_on boolean;
begin
  for policy in select p.polname from pg_policy p
                 where p.polrelid = 'public.job_queue'::regclass
                   and p.polname like 'darkroom\_%' loop
    execute format('drop policy %I on public.job_queue', policy);
  end loop;
  -- Restrictive: they hold whatever the application's own policies permit.
  create policy darkroom_no_insert on public.job_queue as restrictive for insert
    with check (current_user not in ('anon', 'authenticated'));
  create policy darkroom_no_update on public.job_queue as restrictive for update
    using (current_user not in ('anon', 'authenticated'));
  create policy darkroom_no_delete on public.job_queue as restrictive for delete
    using (current_user not in ('anon', 'authenticated'));
  if to_regnamespace('auth') is not null
    and has_schema_privilege(to_regnamespace('auth'), 'usage') then
    if to_regprocedure('auth.uid()') is not null then
      create policy darkroom_own_jobs on public.job_queue for select
        using (current_user = 'authenticated' and user_id = (select auth.uid()::text));
    end if;
  end if;
  -- If the application has enabled row level security, its policies decide about all other roles.
  select h.value = 'on' into was_on from darkroom.host_state h
   where h.object = 'job_queue' and h.property = 'row_security';
  if not coalesce(was_on, false) then
    create policy darkroom_other_roles on public.job_queue for all
      using (current_user not in ('anon', 'authenticated'))
      with check (current_user not in ('anon', 'authenticated'));
    if not (select c.relrowsecurity from pg_class c where c.oid = 'public.job_queue'::regclass) then
      alter table public.job_queue enable row level security;
    end if;
  end if;
  -- Row level security does not apply to these.
  for role in select r.rolname from pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke truncate, references, trigger on public.job_queue from %I', role);
  end loop;
end
$$;
comment on function darkroom.restrict_rows is
  'Row level security of job_queue: anon and authenticated write nothing, users read their own '
  'jobs, other roles are not affected.';

create or replace function darkroom.take_host_functions() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  owner constant name := (select r.rolname from pg_namespace n join pg_roles r on r.oid = n.nspowner
                           where n.nspname = 'darkroom');
  r record;
begin
  -- They run with the rights of their owner, who must own schema darkroom.
  for r in
    select p.oid::regprocedure as f from pg_proc p
     where p.oid in (to_regprocedure('public.get_next_job()'),
                     to_regprocedure('public.mark_job_processing(uuid)'),
                     to_regprocedure('public.mark_job_completed(uuid)'),
                     to_regprocedure('public.mark_job_failed(uuid, text)'))
       and p.proowner <> (select n.nspowner from pg_namespace n where n.nspname = 'darkroom')
  loop
    execute format('alter function %s owner to %I', r.f, owner);
  end loop;
  -- Roles that write job_queue and called a function through the right of PUBLIC keep that right.
  for r in
    select s.f, g.rolname as role
      from darkroom.host_function h
      cross join lateral (select to_regprocedure('public.'
        || regexp_replace(h.signature, '^public\.', '')) as f) s
      join pg_roles g on exists (
        select 1 from pg_class c, aclexplode(c.relacl) a
         where c.oid = 'public.job_queue'::regclass and a.grantee = g.oid
           and a.privilege_type = 'UPDATE')
     where 'public' = any(h.granted_to) and s.f is not null
       and g.rolname not in ('anon', 'authenticated')
  loop
    execute format('grant execute on function %s to %I', r.f, r.role);
  end loop;
end
$$;
comment on function darkroom.take_host_functions is
  'Makes the owner of schema darkroom the owner of the four queue functions.';

create or replace function darkroom.restore_history() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  t record;
  col record;
begin
  -- Twice: rows can refer to rows of a table that comes later.
  for pass in 1..2 loop
    for t in
      select c.relname, (select string_agg(format('%I', a.attname), ', ' order by a.attnum)
                           from pg_attribute a
                           join pg_attribute b on b.attrelid = to_regclass(format('darkroom.%I',
                             c.relname))
                            and b.attname = a.attname and b.attgenerated = '' and not b.attisdropped
                          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
                            as columns
        from pg_class c
       where c.relnamespace = to_regnamespace('darkroom_history') and c.relkind = 'r'
       order by c.relname
    loop
      continue when t.columns is null;
      begin
        if t.relname = 'price' then
          delete from darkroom.price p using darkroom_history.price h where h.kind = p.kind;
        end if;
        execute format('insert into darkroom.%1$I (%2$s) overriding system value '
          'select %2$s from darkroom_history.%1$I on conflict do nothing', t.relname, t.columns);
        execute format('drop table darkroom_history.%I cascade', t.relname);
      exception when integrity_constraint_violation then
        null; -- the next pass, or the table stays in schema darkroom_history
      end;
    end loop;
  end loop;
  for col in
    select format('darkroom.%I', c.relname) as tab, a.attname
      from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'darkroom'::regnamespace and c.relkind = 'r' and a.attidentity <> ''
       and not a.attisdropped
  loop
    execute format(
      'select setval(pg_get_serial_sequence(%L, %L), max(%I)) from %s having max(%3$I) > 0',
      col.tab, col.attname, col.attname, col.tab);
  end loop;
  perform setval('darkroom.batch_number', m.most)
     from (select max(substring(b.id from '^b([0-9]{1,15})')::bigint) as most
       from darkroom.batch b) m,
          darkroom.batch_number s
    where m.most >= s.last_value;
  if to_regnamespace('darkroom_history') is not null and not exists (
       select 1 from pg_class c where c.relnamespace = to_regnamespace('darkroom_history')) then
    drop schema darkroom_history;
  end if;
end
$$;
comment on function darkroom.restore_history is
  'Restores the tables that `darkroom migrate --undo` kept in schema darkroom_history.';

create or replace function darkroom.finish_migration() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform darkroom.take_host_functions();
  perform darkroom.protect_columns();
  perform darkroom.restrict_access(); -- of all functions, also the one that protect_columns creates
  perform darkroom.restore_history();
end
$$;
comment on function darkroom.finish_migration is
  'Runs at the end of each migration: owners, rights, the trigger of job_queue, the credit '
  'history.';

do $$
begin
  perform darkroom.restrict_rows();
  perform darkroom.restore_history(); -- before 011_ledger.sql opens the accounts
end
$$;
