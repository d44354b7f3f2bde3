-- 000_upgrade.sql - upgrades a database of schema version 8 or 9 to the names of version 10.
--
-- Does nothing on a new database and on one that is upgraded already. Version 9 renamed the tables
-- of schema darkroom; version 10 gives darkroom's columns of job_queue its prefix. `darkroom
-- migrate` applies all outstanding files in one transaction, so a running worker of the version
-- before never sees half of the change. Tables move to their new names; a view under each old name,
-- with the old column names, and the functions of 009_compatibility.sql let that worker finish its
-- jobs. Workers of the version before name the columns of job_queue only inside these functions.
do $upgrade$
begin
  if (select c.relkind from pg_class c where c.oid = to_regclass('darkroom.purse'))
     is distinct from 'r' then
    return;
  end if;

  -- The other functions are replaced in place, below and in 009_compatibility.sql: a statement that
  -- waits for these locks still refers to them.
  drop view if exists darkroom.selectable cascade;
  drop function if exists darkroom.batch_create(jsonpath, jsonb, text[], jsonb, jsonb, jsonb,
    bigint, text);

  alter table darkroom.attempt rename to model_call;
  alter table darkroom.model_call rename column round to call_index;
  alter table darkroom.model_call rename column worst_microusd to max_cost_microusd;
  alter index darkroom.attempt_job rename to model_call_job;
  alter index darkroom.attempt_sent rename to model_call_sent;
  alter index darkroom.attempt_batch rename to model_call_batch;
  update darkroom.model_call c
     set step = coalesce(n.new, c.step),
         outcome = case c.outcome when 'turned down' then 'rejected' else c.outcome end
    from (select x.id, m.new from darkroom.model_call x
            left join (values ('learn', 'extract_features'), ('develop', 'generate'),
                              ('write', 'generate_text'), ('economy', 'batch_api')) m(old, new)
              on m.old = x.step
           where m.new is not null or x.outcome = 'turned down') n
   where c.id = n.id;

  alter table darkroom.features rename to product_features;
  alter table darkroom.product_features rename column learnt_at to extracted_at;

  alter table darkroom.purse rename to budget;

  alter table darkroom.batch rename column why_paused to pause_reason;
  alter table darkroom.batch rename column what to selection;

  alter table darkroom.batch_item rename column wish to module_request;
  alter table darkroom.batch_item rename column tries to requeue_count;
  alter table darkroom.batch_item rename column slot_was to previous_slot_state;
  alter table darkroom.batch_item
    add column wish jsonb generated always as (module_request) stored;
  comment on column darkroom.batch_item.wish is
    'Copy of module_request for statements of the version before. Kept for one release.';

  alter table darkroom.economy_chunk rename to batch_api_chunk;
  alter table darkroom.batch_api_chunk rename column word to remote_status;
  alter table darkroom.batch_api_chunk rename column looked_at to checked_at;
  alter table darkroom.batch_api_chunk drop constraint economy_chunk_state_check;
  update darkroom.batch_api_chunk set state = 'finished' where state = 'over';
  alter table darkroom.batch_api_chunk add constraint batch_api_chunk_state_check
    check (state in ('open', 'sending', 'sent', 'finished'));
  update public.job_queue set job_type = 'batch-api' where job_type = 'economy-batch';

  alter table darkroom.slot drop constraint slot_state_check;
  update darkroom.slot set state = 'done' where state = 'there';
  alter table darkroom.slot add constraint slot_state_check
    check (state in ('open', 'done', 'failed'));
  update darkroom.batch_item set previous_slot_state = 'done' where previous_slot_state = 'there';

  alter table darkroom.charge drop constraint charge_source_check;
  update darkroom.charge set source = 'free' where source = 'nobody';
  alter table darkroom.charge add constraint charge_source_check
    check (source in ('application', 'worker', 'free'));

  alter table darkroom.original rename to host_function;

  -- Views under the old names. They are simple, so PostgreSQL lets statements write through them.
  create view darkroom.attempt as
    select id, job_id, lease, worker, step, call_index as round, provider, model, request, sent_at,
           finished_at, outcome, http_status, request_id, usage, cost_microusd, ms, error, batch_id,
           max_cost_microusd as worst_microusd from darkroom.model_call;
  create view darkroom.features as
    select project_id, hash, features, extracted_at as learnt_at from darkroom.product_features;
  create view darkroom.purse as select * from darkroom.budget;
  create view darkroom.economy_chunk as
    select job_id, batch_id, chunk, name, state, model, input_file, remote_id, output_file,
           error_file, remote_status as word, sent_at, checked_at as looked_at
      from darkroom.batch_api_chunk;
  create view darkroom.original as select * from darkroom.host_function;
  comment on view darkroom.attempt is 'Old name of model_call. Kept for one release.';
  comment on view darkroom.features is 'Old name of product_features. Kept for one release.';
  comment on view darkroom.purse is 'Old name of budget. Kept for one release.';
  comment on view darkroom.economy_chunk is 'Old name of batch_api_chunk. Kept for one release.';
  comment on view darkroom.original is 'Old name of host_function. Kept for one release.';
end
$upgrade$;

do $upgrade$
declare
  -- In the order in which the versions before added them.
  old_names constant text[] := array['run_at', 'priority', 'lease', 'leased_by', 'lease_until',
                                     'losses', 'busy'];
  first_column int;
  r record;
begin
  if to_regclass('darkroom.migration') is null or to_regclass('darkroom.charge') is null
     or exists (select 1 from pg_attribute where attrelid = 'public.job_queue'::regclass
                   and attname = 'darkroom_lease' and not attisdropped) then
    return;
  end if;
  -- The versions before adopted a column of the application that had one of these names. Their own
  -- columns were added by one statement, so they are numbered in one row.
  select a.attnum - 2 into first_column from pg_attribute a
   where a.attrelid = 'public.job_queue'::regclass and a.attname = 'lease' and not a.attisdropped;
  for r in
    select a.attname from pg_attribute a join unnest(old_names) with ordinality o(name, n)
        on o.name = a.attname
     where a.attrelid = 'public.job_queue'::regclass and not a.attisdropped
       and a.attnum = first_column + o.n - 1
  loop
    execute format('alter table public.job_queue rename column %I to %I', r.attname,
                   'darkroom_' || r.attname);
  end loop;
  drop function if exists darkroom.register(text, bigint, text);
end
$upgrade$;
