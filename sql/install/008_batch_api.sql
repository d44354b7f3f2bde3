-- 008_batch_api.sql - items of a batch that go through the provider's Batch API: half price,
-- results within a day.
--
-- Items are grouped into chunks. A chunk has a job of type 'batch-api' that acts for its items:
-- their own jobs stay pending with darkroom_run_at = infinity, and the worker that holds the chunk
-- ends them. The name of the provider's batch is stored before the batch is created.

-- -- chunks ---------------------------------------------------------------------------------------

create or replace function darkroom.batch_api_make_chunks(batch text, items uuid[]) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  made int;
begin
  -- Fifty items, because a provider returns a batch when all of it is done and a result is about
  -- 1.4 MB: the first images arrive early, a chunk needs 70 MB of disk, and a failed chunk is
  -- small.
  with mine as (
    select i.job_id, i.item, i.variant, coalesce(i.model, '') as model,
           (row_number() over (partition by coalesce(i.model, '') order by i.item, i.variant) - 1)
             / 50 as part
      from darkroom.batch_item i
      join public.job_queue q on q.id = i.job_id and q.status = 'pending'
     where i.batch_id = batch and i.job_id = any(items)
  ), chunks as materialized (
    select model, part, gen_random_uuid() as job, min(item) as first_item from mine group by 1, 2
  ), rows as (
    insert into darkroom.batch_api_chunk (job_id, batch_id, chunk)
    select c.job, batch, coalesce((select max(x.chunk) from darkroom.batch_api_chunk x
                                    where x.batch_id = batch), 0)
             + row_number() over (order by c.first_item, c.model) from chunks c
    returning job_id, chunk
  ), taken as (
    update darkroom.batch_item i set chunk_job = c.job
      from mine m join chunks c using (model, part)
     where i.batch_id = batch and i.job_id = m.job_id
  )
  insert into public.job_queue (id, job_type, payload, max_retries, darkroom_priority, created_at,
    status, retry_count, darkroom_run_at)
  select r.job_id, 'batch-api', jsonb_build_object('batch', batch, 'chunk', r.chunk), 8, -10,
         clock_timestamp() + r.chunk * interval '1 microsecond', 'pending', 0,
         case when b.state = 'paused' then 'infinity' else now() end
    from rows r join darkroom.batch b on b.id = batch order by r.chunk;
  get diagnostics made = row_count;
  return made;
end
$$;
comment on function darkroom.batch_api_make_chunks is
  'Groups items into chunks of at most fifty per model, each with a job of its own.';

create or replace function darkroom.batch_api_open_items(chunk uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select q.id from darkroom.batch_item i
    join public.job_queue q on q.id = i.job_id and q.status = 'pending'
   where i.chunk_job = chunk and i.state = 'queued'
   order by i.user_id, i.project_id, i.item, i.variant
$$;
comment on function darkroom.batch_api_open_items is
  'Returns the jobs of the items of a chunk that have not ended.';

create or replace function darkroom.batch_api_leased_chunk(job uuid, lease bigint, worker text)
returns darkroom.batch_api_chunk
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.batch_api_chunk;
begin
  if darkroom.lease_state(job, lease, worker) = 'held' then
    select * into c from darkroom.batch_api_chunk x where x.job_id = job;
  end if;
  return c;
end
$$;
comment on function darkroom.batch_api_leased_chunk is
  'Locks and returns the chunk if the lease is valid; otherwise null.';

create or replace function darkroom.batch_api_reset_retries(job uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.job_queue q set darkroom_losses = 0, retry_count = 0, darkroom_busy = 0
   where q.id = job and (q.darkroom_losses > 0 or q.retry_count > 0 or q.darkroom_busy > 0)
$$;
comment on function darkroom.batch_api_reset_retries is
  'Resets the failure counters after progress, because a chunk makes many calls.';

-- -- preparing ----------------------------------------------------------------------------------

create or replace function darkroom.batch_api_load(job uuid, lease bigint, worker text)
  returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.batch_api_chunk;
begin
  if darkroom.lease_state(job, lease, worker) <> 'held' then
    return '{"lost":true}';
  end if;
  select * into c from darkroom.batch_api_chunk x where x.job_id = job;
  if not found then -- any user may insert jobs
    return '{"error":"the job belongs to no batch"}';
  end if;
  return jsonb_strip_nulls(jsonb_build_object('state', c.state, 'name', c.name, 'model',
    coalesce(c.model, (select min(i.model) from darkroom.batch_item i where i.chunk_job = job)),
    'input', c.input_file, 'remote', c.remote_id, 'output', c.output_file, 'errors', c.error_file,
      'status', c.remote_status,
    'sinceMs', floor(extract(epoch from c.sent_at) * 1000),
    'ageMs', floor(extract(epoch from now() - c.sent_at) * 1000),
    'counts', c.request_counts, 'rechecks', c.rechecks,
    'finishedAgeMs', floor(extract(epoch from now() - c.finished_at) * 1000),
    'expiresInMs', floor(extract(epoch from c.expires_at - now()) * 1000),
    'cancelled', (select b.state = 'cancelled' from darkroom.batch b where b.id = c.batch_id),
    'items', coalesce((select jsonb_agg(i) from darkroom.batch_api_open_items(job) i), '[]')));
end
$$;
comment on function darkroom.batch_api_load is 'Returns the state of a chunk and its open items.';

create or replace function darkroom.batch_api_brief(job uuid, lease bigint, worker text, item uuid)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.batch_api_leased_chunk(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  elsif not exists (select 1 from darkroom.batch_api_open_items(job) i where i = item) then
    return '{"ended":true}';
  end if;
  return (select darkroom.brief_of(q) || jsonb_build_object('payload', q.payload::text,
                   'attempt', a.id, 'request', a.request)
            from public.job_queue q
            left join darkroom.model_call a on a.job_id = q.id and a.step = 'batch_api'
                                        and a.finished_at is null
           where q.id = item);
end
$$;
comment on function darkroom.batch_api_brief is
  'Returns brief_of() for one item of a chunk, with the recorded request.';

create or replace function darkroom.batch_api_begin_call(job uuid, lease bigint, worker text,
  item uuid, provider text, model text, request jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.batch_api_chunk := darkroom.batch_api_leased_chunk(job, lease, worker);
  a darkroom.model_call;
  worst bigint := (request->>'worstMicrousd')::bigint;
  batch text;
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  select * into a from darkroom.model_call x
   where x.job_id = item and x.step = 'batch_api' and x.finished_at is null for no key update;
  if found then -- a worker died before it uploaded the input, which is written again
    update darkroom.budget p
       set reserved_microusd = p.reserved_microusd + coalesce(worst, 0)
         - coalesce(a.max_cost_microusd, 0)
     where p.batch_id = a.batch_id;
    update darkroom.model_call x
       set lease = batch_api_begin_call.lease, worker = batch_api_begin_call.worker,
           model = batch_api_begin_call.model, request = batch_api_begin_call.request,
             max_cost_microusd = worst
     where x.id = a.id;
    return jsonb_build_object('attempt', a.id);
  end if;
  batch := darkroom.reserve_budget(item, worst);
  if batch = '' then
    perform darkroom.batch_pause(c.batch_id, 'the next call could pass the most that it may cost');
    return '{"overBudget":true}';
  end if;
  insert into darkroom.model_call (job_id, lease, worker, step, call_index, provider, model,
                                   request, batch_id, max_cost_microusd)
  values (item, lease, worker, 'batch_api', 0, provider, model, request, batch, worst)
  returning * into a;
  perform darkroom.batch_api_reset_retries(job);
  return jsonb_build_object('attempt', a.id);
end
$$;
comment on function darkroom.batch_api_begin_call is
  'Records the call of an item, once, and reserves its maximum cost.';

create or replace function darkroom.batch_api_save_features(job uuid, lease bigint, worker text,
  item uuid, features jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.batch_api_leased_chunk(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  end if;
  perform darkroom.finish_call(done);
  perform darkroom.store_features(item, features)
     from darkroom.batch_item i where i.job_id = item and i.chunk_job = job;
  return '{"saved":true}';
end
$$;
comment on function darkroom.batch_api_save_features is
  'Stores the features extracted for an item, for all jobs of its project.';

create or replace function darkroom.batch_api_move_items(job uuid, lease bigint, worker text,
  items uuid[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.batch_api_chunk := darkroom.batch_api_leased_chunk(job, lease, worker);
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  perform darkroom.batch_api_end_unbilled_call(i, 'not sent')
     from darkroom.batch_api_open_items(job) i where i = any(items);
  perform darkroom.batch_api_make_chunks(c.batch_id, array(
    select i from darkroom.batch_api_open_items(job) i where i = any(items)));
  return '{"moved":true}';
end
$$;
comment on function darkroom.batch_api_move_items is
  'Moves items into another chunk: this one is full, or the budget is exhausted.';

create or replace function darkroom.batch_api_end_unbilled_call(item uuid, why text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select darkroom.finish_call(jsonb_build_object('id', a.id, 'outcome', why, 'cost', 0))
    from darkroom.model_call a
   where a.job_id = item and a.step = 'batch_api' and a.finished_at is null
$$;
comment on function darkroom.batch_api_end_unbilled_call is
  'Ends the recorded call of an item at no cost.';

-- -- sending and waiting ------------------------------------------------------------------------

create or replace function darkroom.batch_api_mark_sending(job uuid, lease bigint, worker text,
  model text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.batch_api_chunk := darkroom.batch_api_leased_chunk(job, lease, worker);
  was text;
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  select b.state into was from darkroom.batch b where b.id = c.batch_id;
  if was = 'cancelled' then
    return '{"cancelled":true}';
  elsif was = 'paused' then
    perform darkroom.return_to_queue(array[job], 'infinity');
    return '{"lost":true,"why":"its batch is paused"}';
  end if;
  update darkroom.batch_api_chunk x
     set state = 'sending', sent_at = now(), model = batch_api_mark_sending.model
   where x.job_id = job;
  update darkroom.model_call a set sent_at = now()
   where a.job_id in (select darkroom.batch_api_open_items(job)) and a.step = 'batch_api'
     and a.finished_at is null;
  return '{"sending":true}';
end
$$;
comment on function darkroom.batch_api_mark_sending is
  'Records that a batch may exist from now on, so it is looked up before one is created.';

create or replace function darkroom.batch_api_mark_sent(job uuid, lease bigint, worker text,
  remote jsonb)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.batch_api_chunk := darkroom.batch_api_leased_chunk(job, lease, worker);
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  update darkroom.batch_api_chunk x
     set state = 'sent', remote_id = remote->>'id', input_file = nullif(remote->>'input', ''),
         remote_status = remote->>'status'
   where x.job_id = job;
  perform darkroom.batch_api_reset_retries(job);
  return '{"sent":true}';
end
$$;
comment on function darkroom.batch_api_mark_sent is
  'Records the ids that the provider gave to the batch.';

create or replace function darkroom.batch_api_reschedule(job uuid, lease bigint, worker text,
  remote_status text, delay_ms bigint, why text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.batch_api_chunk := darkroom.batch_api_leased_chunk(job, lease, worker);
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  update darkroom.batch_api_chunk x
     set remote_status = coalesce(batch_api_reschedule.remote_status, x.remote_status),
         checked_at = now(), rechecks = x.rechecks + (x.state = 'finished')::int
   where x.job_id = job;
  update public.job_queue q
     set darkroom_losses = 0, retry_count = 0, darkroom_busy = 0, error_message = why
   where q.id = job;
  perform darkroom.return_to_queue(array[job], now() + interval '1 ms' * case
    when (select b.state from darkroom.batch b where b.id = c.batch_id) = 'cancelled'
      then least(delay_ms, 5000) else delay_ms end);
  return '{"rescheduled":true}';
end
$$;
comment on function darkroom.batch_api_reschedule is
  'Returns the job to the queue until the next status check.';

create or replace function darkroom.batch_api_mark_finished(job uuid, lease bigint, worker text,
  remote jsonb)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.batch_api_leased_chunk(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  end if;
  update darkroom.batch_api_chunk x
     set state = 'finished', remote_status = remote->>'status', output_file = nullif(remote->>'output', ''),
         error_file = nullif(remote->>'errors', ''), checked_at = now(),
         request_counts = coalesce(remote->'counts', x.request_counts),
         finished_at = coalesce(x.finished_at, now()),
         expires_at = coalesce(to_timestamp((remote->>'expiresAt')::bigint), x.expires_at,
                               x.sent_at + interval '24 hours')
   where x.job_id = job;
  perform darkroom.batch_api_reset_retries(job);
  return '{"finished":true}';
end
$$;
comment on function darkroom.batch_api_mark_finished is
  'Records the result files of a finished batch.';

create or replace function darkroom.batch_api_reset_chunk(job uuid, lease bigint, worker text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.batch_api_leased_chunk(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  end if;
  perform darkroom.batch_api_end_unbilled_call(i, 'refused')
    from darkroom.batch_api_open_items(job) i;
  update darkroom.batch_api_chunk x
     set state = 'open', name = gen_random_uuid(), remote_id = null, input_file = null, remote_status = null,
         sent_at = null, request_counts = null, expires_at = null, finished_at = null, rechecks = 0
   where x.job_id = job;
  return '{"reset":true}';
end
$$;
comment on function darkroom.batch_api_reset_chunk is
  'Opens a chunk again whose batch the provider rejected without billing it.';

-- -- end of items -------------------------------------------------------------------------------

create or replace function darkroom.batch_api_rejected(item uuid, state text, why text)
returns jsonb
language plpgsql as $$
begin
  if darkroom.is_passing(state) then
    raise exception using errcode = state, message = why;
  end if;
  raise warning 'darkroom: the application''s tables reject the end of item %: %', item, why;
  return jsonb_build_object('rejected', left(why, 300));
end
$$;
comment on function darkroom.batch_api_rejected is
  'Returns the reply for an item whose row the application''s tables reject. Raises an error that '
  'says nothing about the row again.';

create or replace function darkroom.batch_api_commit_item(job uuid, lease bigint, worker text,
  item uuid, image jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.batch_api_leased_chunk(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  end if;
  perform 1 from public.job_queue q where q.id = item and q.status = 'pending' for no key update;
  if not found then
    return '{"committed":true,"already":true}';
  end if;
  perform darkroom.finish_call(done), darkroom.batch_api_set_duration(done);
  perform darkroom.record_object(item, image);
  if not exists (select 1 from public."Project" p where p.id = darkroom.project_of(item)) then
    perform darkroom.fail_permanently(item,
      'The project was deleted before its content was ready.');
    return '{"committed":true}';
  end if;
  if not darkroom.store_candidate(item, image) then
    return '{"error":"the item belongs to no batch"}';
  end if;
  perform darkroom.batch_api_reset_retries(job);
  return '{"committed":true}';
exception when others then
  return darkroom.batch_api_rejected(item, sqlstate, sqlerrm);
end
$$;
comment on function darkroom.batch_api_commit_item is
  'Stores the candidate, completes the item''s job and ends the call, in one transaction. An item '
  'whose row the application''s tables reject stays open; the reply says why.';

create or replace function darkroom.batch_api_fail_item(job uuid, lease bigint, worker text,
  item uuid, message text, call jsonb, detail text default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.batch_api_chunk := darkroom.batch_api_leased_chunk(job, lease, worker);
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  perform 1 from public.job_queue q where q.id = item and q.status = 'pending' for no key update;
  if not found then
    return '{"committed":true,"already":true}';
  end if;
  perform darkroom.finish_call(call), darkroom.batch_api_set_duration(call);
  insert into darkroom.job_failure (job_id, lease, worker, message, detail)
  values (item, lease, worker, message, detail);
  if c.state = 'open' then
    perform darkroom.batch_api_end_unbilled_call(item, 'not sent');
  end if;
  perform darkroom.fail_permanently(item, message);
  update darkroom.batch_item i set error = coalesce(detail, message)
   where i.job_id = batch_api_fail_item.item;
  perform darkroom.batch_api_reset_retries(job);
  return '{"committed":true}';
exception when others then
  return darkroom.batch_api_rejected(item, sqlstate, sqlerrm);
end
$$;
comment on function darkroom.batch_api_fail_item is
  'Fails an item finally, with the refund. The chunk continues. An item whose row the '
  'application''s tables reject stays open; the reply says why.';

create or replace function darkroom.batch_api_set_duration(done jsonb) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update darkroom.model_call a
     set ms = extract(epoch from coalesce(a.finished_at, now()) - a.sent_at) * 1000
   where a.id = (done->>'id')::bigint and a.step = 'batch_api'
$$;
comment on function darkroom.batch_api_set_duration is
  'Sets the duration of a call, from sending the batch to its result.';

create or replace function darkroom.batch_api_end_open_item(c darkroom.batch_api_chunk, item uuid,
  reason text) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  cancelled constant boolean := (select b.state = 'cancelled' from darkroom.batch b
                                  where b.id = c.batch_id);
  refunded int;
begin
  if c.state = 'open' or c.remote_status = 'cancelled' then
    perform darkroom.batch_api_end_unbilled_call(item,
              case when c.state = 'open' then 'not sent' else 'cancelled' end);
  else -- it may have been generated and billed
    perform darkroom.finish_call(jsonb_build_object('id', a.id, 'outcome', 'lost',
                                                    'error', reason))
       from darkroom.model_call a
      where a.job_id = item and a.step = 'batch_api' and a.finished_at is null;
  end if;
  refunded := darkroom.fail_permanently(item, case when cancelled then 'Cancelled.'
                                                   else reason end);
  if cancelled then
    update darkroom.batch_item i set state = 'cancelled', error = null
     where i.job_id = batch_api_end_open_item.item;
  end if;
  return refunded;
end
$$;
comment on function darkroom.batch_api_end_open_item is
  'Fails or cancels an item without a result. A call that may have been billed counts.';

create or replace function darkroom.batch_api_end_open_items(job uuid, reason text) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(sum(darkroom.batch_api_end_open_item(c, i, reason)), 0)::int
            from darkroom.batch_api_chunk c cross join darkroom.batch_api_open_items(job) i
           where c.job_id = job);
end
$$;
comment on function darkroom.batch_api_end_open_items is
  'Fails or cancels the items that a chunk leaves open. Calls that may have been billed count.';

create or replace function darkroom.batch_api_complete_chunk(job uuid, lease bigint, worker text,
  reason text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
  c darkroom.batch_api_chunk;
  open_item uuid;
  rejected jsonb;
begin
  if held = 'completed' then
    return '{"committed":true,"already":true}';
  elsif held <> 'held' then
    return '{"lost":true}';
  end if;
  select * into c from darkroom.batch_api_chunk x where x.job_id = job;
  for open_item in select darkroom.batch_api_open_items(job) loop
    begin
      perform darkroom.batch_api_end_open_item(c, open_item, reason);
    exception when others then
      rejected := darkroom.batch_api_rejected(open_item, sqlstate, sqlerrm);
    end;
  end loop;
  if rejected is null then
    perform darkroom.complete_job(job);
  end if;
  return coalesce(rejected, '{"committed":true}');
end
$$;
comment on function darkroom.batch_api_complete_chunk is
  'Completes a chunk. Items without a result fail. While the application''s tables reject the row of '
  'one, the chunk stays open; the reply says why.';
