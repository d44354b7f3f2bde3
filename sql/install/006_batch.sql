-- 006_batch.sql - batches of images that are made again, their items and their budget.
--
-- A new image is stored next to the old one as a candidate, and its data in batch_item. The
-- application does not see it until a reviewer accepts it (007_accept.sql).

-- -- selection ----------------------------------------------------------------------------------

create or replace function darkroom.uuid_of(id text) returns uuid
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when id ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then id::uuid end
$$;
comment on function darkroom.uuid_of is 'Returns an id as the uuid of a job; null if it is none.';

create or replace function darkroom.image_facts(id text, type text, style text, width int,
  height int,
  size int, metadata jsonb, created timestamp, p public."Project", brand text, state text)
returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('id', id, 'project', p.id, 'user', p."userId", 'type', type,
    'style', coalesce(style, ''), 'model', coalesce(metadata->>'model', ''),
    'provider', coalesce(metadata->>'provider', ''),
    'created', coalesce(to_char(created, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''),
    'width', width, 'height', height, 'bytes', size,
    'cost', case when jsonb_typeof(metadata->'costUsd') = 'number' then metadata->'costUsd' end,
    'quality', coalesce(metadata->>'quality', ''),
    'template', coalesce(metadata->>'promptVersion', ''),
    'marketplace', coalesce(metadata->>'marketplace', ''),
    'failed', coalesce(failed.names, '[]'), 'checks', coalesce(jsonb_array_length(failed.names), 0),
    'status', p.status::text, 'state', state, 'product', p."productName",
    'category', coalesce(p."productCategory", ''), 'brand', coalesce(brand, ''),
    'plate', coalesce(metadata->'plate'->>'kind', ''),
    'language', coalesce(metadata->'textOnly'->>'language', ''))
  from (select jsonb_agg(c->'check') as names
          from jsonb_array_elements(case when jsonb_typeof(metadata->'checks') = 'array'
                                         then metadata->'checks' else '[]' end) c
         where c->'passed' = 'false') failed
$$;
comment on function darkroom.image_facts is 'Returns the fields of an image that filters can use.';

-- A view keeps the application from changing the type of any column that it reads. So the views here read
-- functions, which do not. Postgres puts the query of this one into its callers.
create or replace function darkroom.selectable_images()
returns table (id text, project_id text, user_id text, type text, style text, module_request jsonb,
  url text, width int, height int, metadata jsonb, newest boolean, facts jsonb)
language sql stable as $$
select g.id::text, g."projectId"::text, p."userId"::text, g.type::text, g.style::text,
       case when g.type::text = 'A_PLUS_MODULE' then w.module_request end, g.url::text,
       g.width::int, g.height::int, coalesce(d.detail, g.metadata::jsonb),
       row_number() over (partition by g."projectId", g.type, coalesce(g.style, ''),
         case when g.type::text = 'A_PLUS_MODULE' then coalesce(w.module_request->>'module', g.id) end,
         w.module_request->>'slot' order by g."createdAt" desc, g.id) = 1,
       darkroom.image_facts(g.id::text, g.type::text, g.style::text, g.width::int, g.height::int,
         g.size::int, coalesce(d.detail, g.metadata::jsonb), g."createdAt"::timestamp, p, b.name::text,
         'stored')
  from public."GeneratedImage" g
  join public."Project" p on p.id = g."projectId"
  left join darkroom.image_detail d on d.image_id = g.id
  left join public."BrandKit" b on b.id = p."brandKitId"
  left join lateral (
    select jsonb_strip_nulls(jsonb_build_object('module', q.payload->'module',
             'slot', q.payload->'slot', 'moduleType', q.payload->'moduleType',
             'description', q.payload->'description', 'headline', q.payload->'headline'))
               as module_request
      from public.job_queue q
     where q.id = darkroom.uuid_of(g.id) and g.type::text = 'A_PLUS_MODULE'
       and jsonb_typeof(q.payload) = 'object') w on true
union all
select 'slot:' || s.project_id || ':' || s.slot, s.project_id, p."userId"::text,
       split_part(s.slot, ':', 1), null,
       case when s.slot like 'A_PLUS_MODULE%' then
         (select jsonb_strip_nulls(jsonb_build_object('module', q.payload->'module',
                   'slot', q.payload->'slot', 'moduleType', q.payload->'moduleType',
                   'description', q.payload->'description', 'headline', q.payload->'headline'))
            from public.job_queue q where q.id = s.job_id
              and jsonb_typeof(q.payload) = 'object') end,
       null, null, null, null, true,
       darkroom.image_facts('slot:' || s.project_id || ':' || s.slot, split_part(s.slot, ':', 1),
         null, null, null, null, null, timezone('utc', s.updated_at)::timestamp, p, b.name::text,
         'failed')
  from darkroom.slot s
  join public."Project" p on p.id = s.project_id
  left join public."BrandKit" b on b.id = p."brandKitId"
 where s.state = 'failed' and s.slot not in ('PACK', 'APLUS')
$$;
comment on function darkroom.selectable_images is
  'Returns images and slots whose image failed: what can be made again, with the fields that filters '
  'use.';
create or replace view darkroom.selectable as select * from darkroom.selectable_images();
comment on view darkroom.selectable is 'selectable_images() as a view.';

create or replace function darkroom.readable_images() returns setof darkroom.selectable
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select * from darkroom.selectable_images()
$$;
comment on function darkroom.readable_images is
  'selectable_images() for readers of the view darkroom.images, who may not read the tables.';

alter table darkroom.batch_item add column if not exists reasons text[] not null default '{}';
comment on column darkroom.batch_item.reasons is
  'Why reviewers like or dislike the candidate, each a short text.';

create or replace function darkroom.more_facts(facts jsonb, metadata jsonb, vars jsonb)
returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.more || case when vars ? 'like' then jsonb_build_object('like', (
           select jsonb_agg(coalesce((facts || m.more)->>(l.test->>0) ilike (l.test->>1), false)
                            order by l.place)
             from jsonb_array_elements(vars->'like') with ordinality l(test, place)))
         else '{}' end
    from (select case when vars ? 'more' then jsonb_build_object(
      'prompt', coalesce(metadata->>'prompt', ''),
      'likeness', case when jsonb_typeof(metadata->'likeness'->'score') = 'number'
                       then metadata->'likeness'->'score' end,
      'passed', coalesce((select jsonb_agg(c->'check') from jsonb_array_elements(
          case when jsonb_typeof(metadata->'checks') = 'array' then metadata->'checks'
               else '[]' end) c where c->'passed' = 'true'), '[]'),
      'email', coalesce((select lower(u.email) from public."User" u
                          where u.id = facts->>'user'), ''),
      'reviewer', coalesce(r.decided_by, ''), 'reasons', coalesce(to_jsonb(r.reasons), '[]'),
      'error', coalesce((select q.error_message
          from darkroom.slot s join public.job_queue q on q.id = s.job_id
         where facts->>'state' = 'failed' and s.project_id = facts->>'project'
           and s.slot = substr(facts->>'id', length('slot:' || s.project_id || ':') + 1)), ''))
      else '{}' end as more
      from (select 1) one
      left join (select i.job_id, i.decided_by, i.reasons from darkroom.batch_item i) r
        on vars ? 'more' and r.job_id = darkroom.uuid_of(facts->>'id')) m
$$;
comment on function darkroom.more_facts is
  'Returns what a filter needs besides image_facts: with vars.more the fields that cost a lookup, '
  'and with vars.like, a list of [field, pattern], whether each pattern matches.';

create or replace function darkroom.select_images(filter jsonpath, vars jsonb, ids text[])
returns setof darkroom.selectable
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select * from darkroom.selectable s
   where case when ids is null then s.newest else s.id = any(ids) or s.url = any(ids) end
     and coalesce(jsonb_path_match(
           case when vars ?| '{like,more}' then s.facts || darkroom.more_facts(s.facts, s.metadata, vars)
                else s.facts end, filter, vars, true), false)
$$;
comment on function darkroom.select_images is
  'Returns the images that a filter selects, the newest of each kind, or the ones listed by id '
  'or URL.';

-- -- creation and queueing ----------------------------------------------------------------------

create or replace function darkroom.batch_create(filter jsonpath, vars jsonb, ids text[],
  options jsonb, selection jsonb, estimate jsonb, most bigint, creator text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  made text;
  count bigint;
begin
  insert into darkroom.batch (created_by, selection, options, estimate)
  values (creator, selection, options, estimate) returning id into made;
  insert into darkroom.budget (batch_id, max_microusd) values (made, most);
  insert into darkroom.batch_item (batch_id, item, variant, source_id, project_id, user_id, type,
                                   style, module_request, model, quality, credits)
  select made, c.item, (m.ord - 1) * v.of + v.n,
         case when c.id not like 'slot:%' then c.id end, c.project_id, c.user_id, c.type, c.style,
         c.module_request, m.model, options->>'quality',
         case when options->>'charge' = 'users' then darkroom.price_of(c.type) else 0 end
    from (select s.*, row_number() over (order by s.project_id, s.type, s.id)::int as item
            from darkroom.select_images(filter, vars, ids) s) c
   cross join lateral (
     select x.model, x.ord::int from jsonb_array_elements_text(
       case when jsonb_array_length(coalesce(options->'models', '[]')) > 0
            then options->'models' else '[null]' end) with ordinality x(model, ord)) m
   cross join lateral (
     select n, greatest(coalesce((options->>'variants')::int, 1), 1) as of
       from generate_series(1, greatest(coalesce((options->>'variants')::int, 1), 1)) n) v;
  get diagnostics count = row_count;
  if count = 0 then
    delete from darkroom.batch where id = made;
    return '{"items":0}';
  end if;
  return jsonb_build_object('batch', made, 'items', count);
end
$$;
comment on function darkroom.batch_create is
  'Creates a batch and its items: each selected image by each model, in the requested number of '
  'variants.';

create or replace function darkroom.batch_stoppable_jobs(batch text) returns setof uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select i.job_id from darkroom.batch_item i
   where i.batch_id = batch and i.state = 'queued' and i.job_id is not null and i.chunk_job is null
  union all
  select c.job_id from darkroom.batch_api_chunk c where c.batch_id = batch and c.state = 'open'
$$;
comment on function darkroom.batch_stoppable_jobs is
  'Jobs of a batch that can still be stopped: of its items, and of its open chunks.';

create or replace function darkroom.batch_charge(jobs uuid[]) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  r record;
  unpaid int := 0;
begin
  for r in -- locks users in the same order everywhere
    select i.job_id, i.user_id, i.type, i.credits from darkroom.batch_item i
     where i.job_id = any(jobs) and i.credits > 0 order by i.user_id, i.item, i.variant
  loop
    if not darkroom.charge_user(r.job_id, r.user_id, r.type, r.credits, 'Image made again') then
      update darkroom.batch_item i
         set state = 'failed', job_id = null,
             error = 'Not enough credits (' || r.credits || ' are needed).'
       where i.job_id = r.job_id;
      unpaid := unpaid + 1;
    end if;
  end loop;
  return unpaid;
end
$$;
comment on function darkroom.batch_charge is
  'Charges users for their items. An item that is not covered fails.';

create or replace function darkroom.batch_enqueue(batch text, most int default 1000) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  was text;
  jobs uuid[];
  unpaid int;
  open int;
  batch_api boolean;
begin
  select b.state, coalesce(b.options->>'batchApi', b.options->>'economy', 'false')::boolean
    into was, batch_api
    from darkroom.batch b where b.id = batch for no key update;
  if was is null or was in ('paused', 'cancelled') then
    return jsonb_build_object('state', coalesce(was, 'missing'), 'queued', 0, 'unpaid', 0,
                              'left', 0);
  end if;
  with few as (
    select i.item, i.variant from darkroom.batch_item i
     where i.batch_id = batch and i.state = 'waiting' order by i.item, i.variant limit most
  ), taken as (
    update darkroom.batch_item i
       set state = 'queued', job_id = gen_random_uuid() -- cannot be inserted by others first
      from few
     where i.batch_id = batch and i.item = few.item and i.variant = few.variant
    returning i.job_id
  )
  select coalesce(array_agg(job_id), '{}') into jobs from taken;
  update darkroom.batch_item i set state = 'failed', job_id = null,
    error = 'The user does not exist any more.'
   where i.job_id = any(jobs)
     and not exists (select 1 from public."User" u where u.id = i.user_id);
  unpaid := darkroom.batch_charge(jobs);
  insert into public.job_queue (id, job_type, payload, user_id, max_retries, darkroom_priority,
    created_at, status, retry_count,
                                darkroom_run_at)
  select i.job_id, 'regenerate-image', jsonb_strip_nulls(jsonb_build_object('projectId',
           i.project_id, 'imageType', i.type, 'style', i.style))
             || coalesce(i.module_request, '{}'),
         i.user_id, 3, -10, clock_timestamp() + i.item * interval '1 microsecond', 'pending', 0,
         case when batch_api then 'infinity' else now() end -- its chunk ends it
    from darkroom.batch_item i where i.job_id = any(jobs) order by i.item, i.variant
  on conflict (id) do nothing;
  if batch_api then
    perform darkroom.batch_api_make_chunks(batch, jobs);
  end if;
  insert into darkroom.charge (job_id, user_id, slot, credits, source)
  select i.job_id, i.user_id, i.type, i.credits,
         case when i.credits > 0 then 'worker' else 'free' end
    from darkroom.batch_item i where i.job_id = any(jobs)
  on conflict (job_id) do nothing;
  select count(*) into open from darkroom.batch_item i
   where i.batch_id = batch and i.state = 'waiting';
  if open = 0 then
    update darkroom.batch b set state = 'running' where b.id = batch and b.state <> 'running';
  end if;
  return jsonb_build_object('state', case when open = 0 then 'running' else 'filling' end,
    'queued', cardinality(jobs) - unpaid, 'unpaid', unpaid, 'left', open);
end
$$;
comment on function darkroom.batch_enqueue is
  'Creates jobs for a limited number of waiting items and charges users. Safe to repeat after a '
  'crash.';

-- -- pause, resume, cancel ----------------------------------------------------------------------

create or replace function darkroom.batch_pause(batch text, why text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  was text;
  count int;
begin
  select b.state into was from darkroom.batch b where b.id = batch for no key update;
  if was is null then
    return '{"state":"missing"}';
  elsif was in ('paused', 'cancelled') then
    return jsonb_build_object('state', was, 'changed', 0);
  end if;
  update darkroom.batch b set state = 'paused', pause_reason = why where b.id = batch;
  -- A job that is being claimed at this moment runs to its end.
  update public.job_queue q set darkroom_run_at = 'infinity'
   where q.id in (select j.id from public.job_queue j
                   where j.id in (select darkroom.batch_stoppable_jobs(batch))
                     and j.status = 'pending'
                     for update skip locked);
  get diagnostics count = row_count;
  return jsonb_build_object('state', 'paused', 'changed', count);
end
$$;
comment on function darkroom.batch_pause is 'Starts no more calls. Running jobs may finish.';

create or replace function darkroom.batch_resume(batch text, most bigint default null)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  was text;
  count int;
begin
  select b.state into was from darkroom.batch b where b.id = batch for no key update;
  if was is null then
    return '{"state":"missing"}';
  elsif was = 'cancelled' then
    return '{"state":"cancelled","changed":0}';
  end if;
  update darkroom.budget p set max_microusd = most where p.batch_id = batch and most is not null;
  update darkroom.batch b set state = 'filling', pause_reason = null where b.id = batch;
  -- A chunk that was to be sent again while the batch was paused waits too, although it is not
  -- open.
  update public.job_queue q set darkroom_run_at = now()
   where q.id in (select darkroom.batch_stoppable_jobs(batch) union
                  select c.job_id from darkroom.batch_api_chunk c where c.batch_id = batch)
     and q.status = 'pending' and q.darkroom_run_at = 'infinity';
  get diagnostics count = row_count;
  perform pg_notify('darkroom_jobs', '');
  return jsonb_build_object('state', 'filling', 'changed', count);
end
$$;
comment on function darkroom.batch_resume is
  'Continues a paused batch, optionally with another cost limit. Call batch_enqueue() next.';

create or replace function darkroom.batch_cancel(batch text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  was text;
  count int;
  r record;
begin
  select b.state into was from darkroom.batch b where b.id = batch for no key update;
  if was is null then
    return '{"state":"missing"}';
  end if;
  update darkroom.batch b set state = 'cancelled', pause_reason = null where b.id = batch;
  update darkroom.batch_item i set state = 'cancelled' where i.batch_id = batch
     and i.state = 'waiting';
  get diagnostics count = row_count;
  for r in select j.id from public.job_queue j
            where j.id in (select darkroom.batch_stoppable_jobs(batch)) and j.status = 'pending'
            order by j.payload->>'projectId', j.id for update skip locked
  loop
    count := count + greatest((select count(*) from darkroom.batch_api_open_items(r.id)), 1);
    perform darkroom.cancel_job(r.id);
    update darkroom.batch_item i set state = 'cancelled', error = null where i.job_id = r.id;
  end loop;
  -- Batches at the provider are cancelled there at the next status check, which is due now.
  update public.job_queue q set darkroom_run_at = now()
   where q.status = 'pending' and q.id in (select c.job_id from darkroom.batch_api_chunk c
     where c.batch_id = batch and c.state in ('sending', 'sent'));
  if found then
    perform pg_notify('darkroom_jobs', '');
  end if;
  return jsonb_build_object('state', 'cancelled', 'changed', count);
end
$$;
comment on function darkroom.batch_cancel is
  'Cancels what has not started. Running jobs may finish, because they are paid for.';

create or replace function darkroom.batch_retry_items(batch text, jobs uuid[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  was text;
  count int;
begin
  select b.state into was from darkroom.batch b where b.id = batch for no key update;
  if was is null then
    return '{"state":"missing"}';
  elsif was = 'cancelled' then
    return '{"state":"cancelled","changed":0}';
  end if;
  update darkroom.batch_item i
     set state = 'waiting', requeue_count = i.requeue_count + 1, job_id = null, chunk_job = null,
       error = null
   where i.batch_id = batch and i.state = 'failed' and (jobs is null or i.job_id = any(jobs));
  get diagnostics count = row_count;
  if count > 0 and was = 'running' then
    update darkroom.batch b set state = 'filling' where b.id = batch;
  end if;
  return jsonb_build_object('state', was, 'changed', count);
end
$$;
comment on function darkroom.batch_retry_items is
  'Makes failed items wait for a new job: those of the named jobs, or all if none are named. Call '
  'batch_enqueue() next.';

create or replace function darkroom.batch_retry_failed(batch text) returns jsonb
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select darkroom.batch_retry_items(batch, null)
$$;
comment on function darkroom.batch_retry_failed is
  'Makes failed items wait for a new job. Call batch_enqueue() next.';

-- -- budget -------------------------------------------------------------------------------------

create or replace function darkroom.batch_of(job uuid) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce((select i.batch_id from darkroom.batch_item i where i.job_id = job),
                  (select c.batch_id from darkroom.batch_api_chunk c where c.job_id = job))
$$;
comment on function darkroom.batch_of is 'Returns the batch that a job belongs to, or null.';

create or replace function darkroom.reserve_budget(job uuid, worst bigint) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  batch text;
begin
  batch := darkroom.batch_of(job);
  if batch is null then
    return null;
  end if;
  update darkroom.budget p set reserved_microusd = p.reserved_microusd + coalesce(worst, 0)
   where p.batch_id = batch and (p.max_microusd is null
     or p.spent_microusd + p.reserved_microusd + worst <= p.max_microusd);
  return case when found then batch else '' end;
end
$$;
comment on function darkroom.reserve_budget is
  'Reserves the maximum cost of a call. Returns the batch, or an empty text if the budget is '
  'exhausted.';

create or replace function darkroom.pause_on_budget(job uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  batch text;
begin
  batch := darkroom.batch_of(job);
  perform darkroom.batch_pause(batch, 'the next call could pass the most that it may cost');
  perform darkroom.return_to_queue(array[job], 'infinity');
end
$$;
comment on function darkroom.pause_on_budget is
  'Pauses the batch whose budget is exhausted, and its job.';

-- -- progress -----------------------------------------------------------------------------------

create or replace function darkroom.batch_status(b darkroom.batch) returns jsonb
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object('id', b.id,
    'state', case when b.state = 'running' and i.open = 0 then 'done' else b.state end,
    'reason', b.pause_reason, 'created',
    to_char(b.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'by', b.created_by,
    'what', b.selection, 'items', i.items, 'waiting', i.waiting,
    'queued', i.open - i.waiting - i.running,
    'running', i.running, 'done', i.done, 'failed', i.failed, 'cancelled', i.cancelled,
    'accepted', i.accepted, 'rejected', i.rejected, 'reverted', i.reverted,
    'spentUsd', a.usd, 'reservedUsd', p.reserved_microusd / 1e6, 'maxUsd', p.max_microusd / 1e6,
    'calls', a.calls, 'ambiguousCalls', a.ambiguous,
    'ambiguousUsd', a.ambiguous * coalesce(a.mean, 0))
  from darkroom.budget p, lateral (
    select count(*) as items, count(*) filter (where x.state = 'waiting') as waiting,
           count(*) filter (where x.state in ('waiting', 'queued')) as open,
           count(*) filter (where x.state = 'queued' and (q.status = 'processing'
             or c.state in ('sending', 'sent', 'finished'))) as running, -- also at the provider
           count(*) filter (where x.state = 'done') as done,
           count(*) filter (where x.state = 'failed') as failed,
           count(*) filter (where x.state = 'cancelled') as cancelled,
           count(*) filter (where x.decision = 'accepted') as accepted,
           count(*) filter (where x.decision = 'rejected') as rejected,
           count(*) filter (where x.decision = 'reverted') as reverted
      from darkroom.batch_item x
      left join public.job_queue q on q.id = x.job_id and x.state = 'queued'
      left join darkroom.batch_api_chunk c on c.job_id = x.chunk_job
     where x.batch_id = b.id) i, lateral (
    select coalesce(sum(x.cost_microusd), 0) / 1e6 as usd, count(*) as calls,
           count(*) filter (where x.cost_microusd is null and (x.outcome is null
             or coalesce(x.http_status, 0) = 0 or x.http_status between 200 and 299)
             and not (x.outcome is null and x.step = 'batch_api') -- the provider has it
             and (x.outcome is not null or j.id is null)) as ambiguous,
           avg(x.cost_microusd) filter (where x.step in ('generate', 'batch_api')
             and x.cost_microusd > 0) / 1e6 as mean
      from darkroom.model_call x
      left join public.job_queue j -- its worker waits for the response
        on j.id = x.job_id and j.status = 'processing' and j.darkroom_lease = x.lease
     where x.batch_id = b.id) a
 where p.batch_id = b.id
$$;
comment on function darkroom.batch_status is
  'Returns the progress of a batch: items by state, decisions and cost. Calls whose response '
  'was lost may have been billed; they are reported apart, at the mean cost of the others.';

create or replace function darkroom.batch_counts(batch text, by text) returns jsonb
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(jsonb_object_agg(name, counts order by name), '{}') from (
    select case when by = 'type' then i.type
                else coalesce(i.metadata->>'model', i.model, 'not made yet') end as name,
           jsonb_build_object('items', count(*), 'done', count(*) filter (where i.state = 'done'),
             'failed', count(*) filter (where i.state = 'failed'),
             'accepted', count(*) filter (where i.decision = 'accepted')) as counts
      from darkroom.batch_item i where i.batch_id = batch group by 1) x
$$;
comment on function darkroom.batch_counts is
  'Counts the items of a batch by image type or by model.';

create or replace function darkroom.batch_errors(batch text) returns jsonb
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('message', error, 'count', count, 'item', item)
                            order by count desc, error), '[]') from (
    select i.error, count(*) as count, min(i.item) as item
      from darkroom.batch_item i
     where i.batch_id = batch and i.state = 'failed' group by 1 order by 2 desc limit 20) x
$$;
comment on function darkroom.batch_errors is
  'Returns why items of a batch failed, most frequent first.';
