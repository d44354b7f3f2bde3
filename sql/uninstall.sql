-- uninstall.sql - removes darkroom from the host application's database, in any state: complete,
-- of version 8 or later, or with objects missing.
--
-- Restores the application's own four queue functions with their owner, privileges and comments,
-- the storage parameters and privileges of job_queue, and drops darkroom's columns, indexes,
-- triggers, policies and schema. Jobs, images, A+ content and credits stay. The tables of schema
-- darkroom that record credits, costs and batches move to schema darkroom_history; `darkroom
-- migrate` moves them back.
do $undo$
declare
  queue constant oid := 'public.job_queue'::regclass;
  removed constant text := 'darkroom was removed before this image was made again.';
  -- Not kept: caches, registrations and what describes the schema itself. Without ledger_start, the
  -- next installation opens the accounts again: what the application charges until then is used.
  transient constant text[] := array['worker', 'migration', 'schema_version', 'schema_file',
    'host_state', 'host_function', 'schema_object', 'original', 'product_features', 'features', 'slot',
    'batch_api_chunk', 'economy_chunk', 'ledger_start', 'deleted_job', 'kept_answer', 'daily_spend', 'webhook',
    'webhook_event', 'webhook_batch', 'claim_pause'];
  our_columns name[];
  holder name;
  expiry name;
  leased bigint := 0;
  definitions regclass := coalesce(to_regclass('darkroom.host_function'),
                                   to_regclass('darkroom.original'));
  was_open boolean;
  f record;
  r record;
  recorded text;
  signature regprocedure;
begin
  -- -- columns of ours ---------------------------------------------------------------------------
  select array_agg(a.attname) into our_columns from pg_attribute a
   where a.attrelid = queue and a.attname like 'darkroom\_%' and not a.attisdropped
     and col_description(queue, a.attnum) is not null;
  if our_columns is null then
    -- Versions before 10 added seven columns in one statement, so their numbers are consecutive.
    -- They adopted a column of the application that had one of these names.
    select array_agg(a.attname) into our_columns
      from pg_attribute a
      join unnest(array['run_at', 'priority', 'lease', 'leased_by', 'lease_until', 'losses',
        'busy'])
           with ordinality o(name, n) on o.name = a.attname
     where a.attrelid = queue and not a.attisdropped
       and col_description(queue, a.attnum) is not null
       and a.attnum = (select l.attnum - 3 from pg_attribute l where l.attrelid = queue
                          and l.attname = 'lease' and not l.attisdropped) + o.n;
  end if;
  select c into holder from unnest(our_columns) c where c in ('darkroom_leased_by', 'leased_by');
  select c into expiry from unnest(our_columns) c
   where c in ('darkroom_lease_until', 'lease_until');

  -- -- jobs --------------------------------------------------------------------------------------
  if to_regclass('darkroom.pack') is not null and holder is not null then
    -- Open packs: for the application, a pack is complete when its jobs are queued.
    if to_regclass('darkroom.charge') is not null then
      update darkroom.charge c set state = 'delivered' where c.state = 'open'
         and c.job_id in (select p.job_id from darkroom.pack p where p.ended_at is null);
    end if;
    execute format('update public.job_queue set status = ''completed'', completed_at = now(), '
      'error_message = null where status = ''processing'' and %I = ''children''', holder);
    update darkroom.pack set ended_at = now() where ended_at is null;
  end if;
  if holder is not null and expiry is not null then
    execute format('select count(*) from public.job_queue where status = ''processing'' '
      'and %I <> ''legacy'' and %I > now()', holder, expiry) into leased;
  end if;
  if leased > 0 then
    raise exception 'Workers hold % jobs. Stop the workers with SIGTERM, then try again.', leased;
  end if;
  if holder is not null then
    -- The workers of these jobs are dead, and the restored functions never return such jobs.
    execute format('update public.job_queue set status = ''pending'', processed_at = null '
      'where status = ''processing'' and %I is distinct from ''legacy''', holder);
  end if;
  -- Only darkroom can run these job types. Jobs that users paid for are refunded.
  if to_regclass('darkroom.batch_item') is not null then
    update darkroom.batch set state = 'cancelled' where state in ('filling', 'running', 'paused')
       and exists (select 1 from darkroom.batch_item i
                    where i.batch_id = batch.id and i.state in ('waiting', 'queued'));
  end if;
  for r in select q.id from public.job_queue q where q.status in ('pending', 'processing')
              and q.job_type in ('regenerate-image', 'batch-api', 'economy-batch')
            order by q.job_type desc, q.id
  loop
    begin
      if to_regprocedure('darkroom.fail_permanently(uuid, text)') is not null then
        perform darkroom.fail_permanently(r.id, removed);
      elsif to_regprocedure('darkroom.end_failed(uuid, text)') is not null then
        perform darkroom.end_failed(r.id, removed);
      end if;
    exception when undefined_table or undefined_column or undefined_function or check_violation then
      raise notice 'The job % could not be refunded: %', r.id, sqlerrm;
    end;
  end loop;
  update public.job_queue set status = 'failed', completed_at = now(), error_message = removed
   where status in ('pending', 'processing')
     and job_type in ('regenerate-image', 'batch-api', 'economy-batch');
  if to_regclass('darkroom.batch_item') is not null then
    update darkroom.batch_item set state = 'failed', error = removed
     where state in ('waiting', 'queued');
  end if;

  -- -- job_queue ---------------------------------------------------------------------------------
  for r in select t.tgname from pg_trigger t
            where t.tgrelid = queue and t.tgname like 'darkroom\_%' and not t.tgisinternal loop
    execute format('drop trigger %I on public.job_queue', r.tgname);
  end loop;
  was_open := exists (select 1 from pg_policy p
                       where p.polrelid = queue and p.polname = 'darkroom_other_roles');
  for r in select p.polname from pg_policy p
            where p.polrelid = queue and p.polname like 'darkroom\_%' loop
    execute format('drop policy %I on public.job_queue', r.polname);
  end loop;
  -- darkroom enabled row level security. Policies that the application created since still need it.
  if was_open and not exists (select 1 from pg_policy p where p.polrelid = queue) then
    alter table public.job_queue disable row level security;
  end if;
  for r in select c.oid::regclass as name from pg_index i join pg_class c on c.oid = i.indexrelid
            where i.indrelid = queue and c.relname like 'darkroom\_%' loop
    execute format('drop index %s', r.name);
  end loop;
  drop view if exists darkroom.pending_job cascade; -- it reads these columns
  for r in select unnest(our_columns) as name loop
    execute format('alter table public.job_queue drop column %I', r.name);
  end loop;
  recorded := null;
  if to_regclass('darkroom.host_state') is not null then
    execute 'select value from darkroom.host_state where object = ''job_queue''
       and property = ''reloptions''' into recorded;
  end if;
  for r in
    select o.name, (select split_part(e, '=', 2) from unnest(coalesce(recorded, '{}')::text[]) e
                     where split_part(e, '=', 1) = o.name) as was
      from (values ('fillfactor', '70'), ('autovacuum_vacuum_scale_factor', '0.02'),
              ('autovacuum_vacuum_threshold', '200'), ('autovacuum_vacuum_cost_delay', '0'))
           o(name, ours)
     where o.name || '=' || o.ours
       in (select unnest(c.reloptions) from pg_class c where c.oid = queue)
  loop
    if r.was is null then
      execute format('alter table public.job_queue reset (%s)', r.name);
    else
      execute format('alter table public.job_queue set (%s = %s)', r.name, r.was);
    end if;
  end loop;

  -- -- functions of the application --------------------------------------------------------------
  for f in
    select * from (values
      ('get_next_job()', 'create or replace function public.get_next_job()
returns table (id uuid, job_type text, payload jsonb, retry_count int, max_retries int,
  user_id text)
language sql as $f$
  select q.id, q.job_type, q.payload, q.retry_count, q.max_retries, q.user_id
    from public.job_queue q where q.status = ''pending''
   order by q.created_at limit 1 for update skip locked
$f$'),
      ('mark_job_processing(uuid)',
        'create or replace function public.mark_job_processing(job_id uuid)
returns void language sql as $f$
  update public.job_queue set status = ''processing'', processed_at = now() where id = job_id
$f$'),
      ('mark_job_completed(uuid)',
        'create or replace function public.mark_job_completed(job_id uuid)
returns void language sql as $f$
  update public.job_queue set status = ''completed'', completed_at = now() where id = job_id
$f$'),
      ('mark_job_failed(uuid,text)',
        'create or replace function public.mark_job_failed(job_id uuid, error_msg text)
returns void language sql as $f$
  update public.job_queue
     set status = case when retry_count < max_retries then ''pending'' else ''failed'' end,
         retry_count = case when retry_count < max_retries then retry_count + 1
           else retry_count end,
         error_message = error_msg,
         processed_at = case when retry_count < max_retries then null else processed_at end,
         completed_at = case when retry_count < max_retries then null else now() end
   where id = job_id
$f$')) x(name, usual)
  loop
    signature := to_regprocedure('public.' || f.name);
    continue when signature is not null and not exists (
      select 1 from pg_proc p where p.oid = signature and p.prosrc like '%darkroom.%');
    recorded := null;
    if definitions is not null then
      execute format('select definition from %s
          where replace(regexp_replace(signature, ''^public\.'', ''''),
        '', '', '','') = $1', definitions) into recorded using f.name;
    end if;
    -- Without a record of its own function, the application gets the usual one.
    continue when recorded is null and signature is null;
    execute coalesce(recorded, f.usual);
    signature := to_regprocedure('public.' || f.name);
    for r in select distinct a.grantee, g.rolname
               from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
               left join pg_roles g on g.oid = a.grantee
              where p.oid = signature and a.grantee <> p.proowner loop
      execute format('revoke execute on function %s from %s', signature,
        case when r.grantee = 0 then 'public' else quote_ident(r.rolname) end);
    end loop;
    recorded := null;
    if to_regclass('darkroom.host_state') is not null then
      execute 'select coalesce(value, ''[]'') from darkroom.host_state h
        where property = ''privileges''
         and replace(object, '', '', '','') = $1 and exists (select 1 from darkroom.host_state o
           where o.object = h.object and o.property = ''owner'' and o.value is not null)'
         into recorded using f.name;
    end if;
    if recorded is null and definitions is not null then
      -- the names in granted_to are quoted where SQL needs it
      execute format('select jsonb_agg(jsonb_build_object(''role'', case when g = ''public'' then g
             else (parse_ident(g))[1] end, ''grantable'', false))::text
           from %s d, unnest(d.granted_to) g
          where replace(regexp_replace(signature, ''^public\.'', ''''), '', '',
            '','') = $1', definitions)
        into recorded using f.name;
    end if;
    for r in
      select case when p->>'role' = 'public' then 'public' else quote_ident(p->>'role') end as role,
             (p->>'grantable')::boolean as grantable
        from jsonb_array_elements(coalesce(recorded,
          '[{"role":"public","grantable":false}]')::jsonb) p
       where p->>'role' = 'public' or p->>'role' in (select rolname from pg_roles)
    loop
      execute format('grant execute on function %s to %s%s', signature, r.role,
        case when r.grantable then ' with grant option' else '' end);
    end loop;
    if to_regclass('darkroom.host_state') is not null then
      execute 'select value from darkroom.host_state where property = ''comment''
         and replace(object, '', '', '','') = $1' into recorded using f.name;
    else
      recorded := null;
    end if;
    execute format('comment on function %s is %L', signature, recorded);
    if to_regclass('darkroom.host_state') is not null then
      execute 'select r.rolname from darkroom.host_state h join pg_roles r on r.rolname = h.value
        where h.property = ''owner''
          and replace(h.object, '', '', '','') = $1' into recorded using f.name;
      if recorded is not null and recorded::name <> (
           select o.rolname from pg_proc p join pg_roles o on o.oid = p.proowner
             where p.oid = signature) then
        execute format('alter function %s owner to %I', signature, recorded);
      end if;
    end if;
  end loop;

  -- -- privileges --------------------------------------------------------------------------------
  if to_regclass('darkroom.host_state') is not null then
    for r in execute 'select p->>''role'' as role, p->>''privilege'' as privilege,
                (p->>''grantable'')::boolean as grantable
           from darkroom.host_state h, jsonb_array_elements(h.value::jsonb) p
          where h.object = ''job_queue'' and h.property = ''privileges''
            and p->>''role'' in (''anon'', ''authenticated'')
            and p->>''role'' in (select rolname from pg_roles)' loop
      execute format('grant %s on public.job_queue to %I%s', r.privilege, r.role,
        case when r.grantable then ' with grant option' else '' end);
    end loop;
  end if;

  -- -- schema darkroom ---------------------------------------------------------------------------
  for r in
    select c.relname, o.old_name, o.new_name from (values
      ('batch', 'what', 'selection'), ('batch', 'why_paused', 'pause_reason'),
      ('batch_item', 'wish', 'module_request'), ('batch_item', 'tries', 'requeue_count'),
      ('batch_item', 'slot_was', 'previous_slot_state'), ('attempt', 'round', 'call_index'),
      ('attempt', 'worst_microusd', 'max_cost_microusd')) o(tab, old_name, new_name)
      join pg_class c on c.relnamespace = to_regnamespace('darkroom') and c.relname = o.tab
       and c.relkind = 'r'
      join pg_attribute a on a.attrelid = c.oid and a.attname = o.old_name and not a.attisdropped
     where a.attgenerated = '' and not exists (select 1 from pg_attribute b
                                                where b.attrelid = c.oid and b.attname = o.new_name)
  loop
    execute format('alter table darkroom.%I rename column %I to %I', r.relname, r.old_name,
      r.new_name);
  end loop;
  for r in select c.relname, o.new_name from (values ('attempt', 'model_call'), ('purse', 'budget'))
             o(old_name, new_name)
             join pg_class c on c.relnamespace = to_regnamespace('darkroom') and c.relkind = 'r'
              and c.relname = o.old_name
  loop
    execute format('alter table darkroom.%I rename to %I', r.relname, r.new_name);
  end loop;
  if exists (select 1 from pg_constraint k where k.conrelid = to_regclass('darkroom.charge')
                and pg_get_constraintdef(k.oid) like '%''nobody''%') then
    alter table darkroom.charge drop constraint charge_source_check;
    update darkroom.charge set source = 'free' where source = 'nobody';
  end if;
  if to_regnamespace('darkroom') is not null then
    create schema if not exists darkroom_history;
    comment on schema darkroom_history is
      'Credits, costs and batches that darkroom recorded before it was removed from this database.';
    for r in select c.relname, to_regclass(format('darkroom_history.%I', c.relname)) as earlier
               from pg_class c
              where c.relnamespace = 'darkroom'::regnamespace and c.relkind = 'r'
                and c.relname <> all (transient)
    loop
      -- A table that an earlier removal left, and that no migration could restore.
      if r.earlier is not null then
        execute format('alter table %s rename to %I', r.earlier,
          left(r.relname, 40) || '_' || to_char(clock_timestamp(), 'YYYYMMDDHH24MISSMS'));
      end if;
      execute format('alter table darkroom.%I set schema darkroom_history', r.relname);
    end loop;
    drop schema darkroom cascade;
  end if;
end
$undo$;
