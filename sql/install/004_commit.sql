-- 004_commit.sql - how a job ends: committed or failed. Each function is one atomic statement that
-- checks job, lease and worker. Repeated after a lost reply, it changes nothing and says so.

create or replace function darkroom.finish_call(done jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  a darkroom.model_call;
  cost bigint := (done->>'cost')::bigint;
  status int := coalesce((done->>'status')::int, 0);
begin
  if done is null then
    return;
  end if;
  select * into a from darkroom.model_call x where x.id = (done->>'id')::bigint for no key update;
  if not found then
    return;
  end if;
  update darkroom.model_call x
     set finished_at = coalesce(x.finished_at, now()), outcome = done->>'outcome',
         http_status = (done->>'status')::int, request_id = done->>'requestId',
         usage = done->'usage', cost_microusd = cost, ms = (done->>'ms')::bigint,
         error = done->>'error'
   where x.id = a.id;
  if a.batch_id is not null and a.finished_at is null then
    -- An error response costs nothing. A lost response may have cost the maximum.
    update darkroom.budget p
       set reserved_microusd = p.reserved_microusd - coalesce(a.max_cost_microusd, 0),
           spent_microusd = p.spent_microusd + coalesce(cost,
             case when status = 0 or status between 200 and 299 then a.max_cost_microusd end, 0)
     where p.batch_id = a.batch_id;
  end if;
end
$$;
comment on function darkroom.finish_call is
  'Records the outcome of a paid call and settles its budget reservation.';

create or replace function darkroom.lease_state(job uuid, lease bigint, worker text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
begin
  select * into q from public.job_queue j where j.id = job for no key update;
  if not found or q.darkroom_lease <> lease_state.lease then
    return 'lost';
  end if;
  if q.status = 'processing' and q.darkroom_leased_by = worker then
    return 'held';
  end if;
  return case when q.darkroom_leased_by = worker and q.status = 'completed' then 'completed'
              when q.darkroom_leased_by = worker and q.status = 'failed' then 'failed'
              else 'lost' end;
end
$$;
comment on function darkroom.lease_state is
  'Returns held; completed or failed if this same lease ended the job before; lost.';

create or replace function darkroom.begin_call(job uuid, lease bigint, worker text, step text,
  call_index int, provider text, model text, request jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  new_id bigint;
  batch text;
begin
  if darkroom.lease_state(job, lease, worker) <> 'held' then
    return '{"lost":true}';
  end if;
  perform darkroom.finish_call(done);
  batch := darkroom.reserve_budget(job, (request->>'worstMicrousd')::bigint);
  if batch = '' then
    perform darkroom.pause_on_budget(job);
    return '{"lost":true,"why":"its batch has reached the most that it may cost"}';
  end if;
  insert into darkroom.model_call (job_id, lease, worker, step, call_index, provider, model, request,
                                batch_id, max_cost_microusd)
  values (job, lease, worker, step, call_index, provider, model, request, batch,
          (request->>'worstMicrousd')::bigint) returning id into new_id;
  return jsonb_build_object('attempt', new_id);
end
$$;
comment on function darkroom.begin_call is
  'Records a paid call before it is sent. Refused if the lease is stale: then nothing is sent.';

create or replace function darkroom.text_hash(p public."Project") returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select md5(concat_ws(E'\x01', p."productName", p.description, p."productCategory"))
$$;
comment on function darkroom.text_hash is 'Hash of the text from which features are extracted.';

create or replace function darkroom.brief_of(q public.job_queue) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  p public."Project";
  it darkroom.batch_item;
begin
  if q.job_type = 'regenerate-image' then -- any user may insert jobs: only an item of a batch counts
    select * into it from darkroom.batch_item i where i.job_id = q.id;
    if not found or it.project_id is distinct from q.payload->>'projectId'
       or it.type is distinct from q.payload->>'imageType' then
      return '{"error":"the job belongs to no batch"}';
    end if;
  end if;
  if jsonb_typeof(q.payload) is distinct from 'object' then
    return '{"error":"the job''s payload is not an object"}';
  end if;
  if q.user_id is null then
    return '{"error":"the job names no user"}';
  end if;
  select * into p from public."Project" x where x.id = q.payload->>'projectId';
  if not found then
    return '{"error":"the project does not exist"}';
  end if;
  if p."userId" <> q.user_id then
    return '{"error":"the project belongs to another user"}';
  end if;
  return jsonb_build_object(
    'jobId', q.id, 'userId', q.user_id, 'projectId', p.id, 'projectName', p.name,
    'productName', p."productName", 'description', p.description,
    'category', p."productCategory",
    'photoUrl', (select i.url from public."ProjectImage" i where i."projectId" = p.id
                  order by i."order", i."createdAt", i.id limit 1),
    'photoCount', (select count(*) from public."ProjectImage" i where i."projectId" = p.id),
    'brand', (select jsonb_build_object('name', b.name, 'primary', b."primaryColor",
                'secondary', b."secondaryColor", 'accent', b."accentColor",
                'fontFamily', b."fontFamily", 'logoUrl', b."logoUrl")
                from public."BrandKit" b where b.id = p."brandKitId" and b."userId" = q.user_id),
    'features', (select f.features from darkroom.product_features f
                  where f.project_id = p.id and f.hash = darkroom.text_hash(p)),
    'make', case when it.batch_id is not null then jsonb_build_object('batch', it.batch_id,
      'item', it.item, 'variant', it.variant, 'model', it.model, 'quality', it.quality,
      'prompt', (select b.options->>'prompt' from darkroom.batch b where b.id = it.batch_id)) end,
    'createdMs', floor(extract(epoch from q.created_at) * 1000));
end
$$;
comment on function darkroom.brief_of is
  'Returns everything that a job needs to know about its project, as one object.';

create or replace function darkroom.brief(job uuid, lease bigint, worker text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if darkroom.lease_state(job, lease, worker) <> 'held' then
    return '{"lost":true}';
  end if;
  return (select darkroom.brief_of(q) from public.job_queue q where q.id = job);
end
$$;
comment on function darkroom.brief is 'Returns brief_of() to the worker that holds the job.';

create or replace function darkroom.store_features(job uuid, features jsonb) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into darkroom.product_features (project_id, hash, features)
  select p.id, darkroom.text_hash(p), store_features.features
    from public.job_queue q join public."Project" p on p.id = q.payload->>'projectId'
   where q.id = job
  on conflict (project_id, hash) do update set features = excluded.features, extracted_at = now()
$$;
comment on function darkroom.store_features is
  'Stores the extracted features for the project of a job.';

create or replace function darkroom.save_features(job uuid, lease bigint, worker text,
  features jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if darkroom.lease_state(job, lease, worker) <> 'held' then
    return '{"lost":true}';
  end if;
  perform darkroom.finish_call(done);
  perform darkroom.store_features(job, features);
  return '{"saved":true}';
end
$$;
comment on function darkroom.save_features is
  'Stores the features for all jobs of the project. Checks the lease.';

create or replace function darkroom.complete_job(job uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.job_queue set status = 'completed', completed_at = now(), error_message = null,
         darkroom_lease_until = null where id = job
$$;
comment on function darkroom.complete_job is 'Completes a job. The caller has checked the lease.';

create or replace function darkroom.store_candidate(job uuid, image jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update darkroom.batch_item i
     set state = 'done', error = null, url = image->>'url', width = (image->>'width')::int,
         height = (image->>'height')::int, size = (image->>'size')::int,
         metadata = image->'metadata'
   where i.job_id = job;
  if found then
    perform darkroom.complete_job(job);
  end if;
  return found;
end
$$;
comment on function darkroom.store_candidate is
  'Stores an image of a batch as a candidate, which the application does not see. Returns false '
  'if the job belongs to no batch.';

create or replace function darkroom.commit_image(job uuid, lease bigint, worker text, image jsonb,
  done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
  project text;
begin
  if held = 'completed' then
    return '{"committed":true,"already":true}';
  elsif held <> 'held' then
    return '{"lost":true}';
  end if;
  perform darkroom.finish_call(done);
  if darkroom.store_candidate(job, image) then
    return '{"committed":true}';
  end if;
  select q.payload->>'projectId' into project from public.job_queue q where q.id = job;
  insert into public."GeneratedImage" as g (id, "projectId", type, style, url, width, height, size,
                                            metadata, "createdAt")
  values (job::text, project, (image->>'type')::public."ImageType", nullif(image->>'style', ''),
          image->>'url', (image->>'width')::int, (image->>'height')::int, (image->>'size')::int,
          image->'metadata', timezone('utc', now()))
  on conflict (id) do update set url = excluded.url, width = excluded.width,
    height = excluded.height, size = excluded.size, metadata = excluded.metadata;
  perform darkroom.complete_job(job);
  perform darkroom.finish_slot(job, project, 'done');
  return '{"committed":true}';
end
$$;
comment on function darkroom.commit_image is
  'Stores the image row, completes the job and the call, and updates the project, in one '
  'transaction.';

create or replace function darkroom.child_id(parent uuid, slot text) returns uuid
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select md5(parent || '/' || slot)::uuid
$$;
comment on function darkroom.child_id is
  'Derives the id of a child job from its parent, so that it is created once.';

create or replace function darkroom.pack_jobs(pack uuid, project text, with_aplus boolean)
returns table (ord bigint, slot text, id uuid, payload jsonb, job_type text, max_retries int)
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select o, k, darkroom.child_id(pack, k),
         case when k = 'APLUS' then jsonb_build_object('projectId', project)
              else jsonb_build_object('projectId', project, 'imageType', k) end,
         case when k = 'APLUS' then 'generate-aplus' else 'generate-image' end,
         case when k = 'APLUS' then 3 else 2 end
    from unnest(array['MAIN_IMAGE', 'INFOGRAPHIC', 'FEATURE_HIGHLIGHT', 'LIFESTYLE',
                      'COMPARISON_CHART', 'DIMENSION_DIAGRAM', 'APLUS']) with ordinality x(k, o)
   where k <> 'APLUS' or with_aplus
$$;
comment on function darkroom.pack_jobs is 'Returns the jobs of a pack, in order.';

create or replace function darkroom.commit_pack(job uuid, lease bigint, worker text,
  with_aplus boolean, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
  q public.job_queue;
  project text;
begin
  if held = 'completed' then
    return '{"committed":true,"already":true}';
  elsif held <> 'held' then
    return '{"lost":true}';
  end if;
  perform darkroom.finish_call(done);
  select * into q from public.job_queue j where j.id = job;
  project := q.payload->>'projectId';
  insert into public.job_queue (id, job_type, payload, user_id, max_retries, darkroom_priority, created_at)
  select c.id, c.job_type, c.payload, q.user_id, c.max_retries, q.darkroom_priority,
         clock_timestamp() + c.ord * interval '1 microsecond'
    from darkroom.pack_jobs(job, project, with_aplus) c order by c.ord
  on conflict (id) do nothing;
  -- The charge moves from the pack to its jobs, so that each refunds its own part. Their sum is at
  -- most what was paid for the pack.
  insert into darkroom.charge (job_id, user_id, slot, credits, source)
  select c.id, paid.user_id, c.slot,
         greatest(least(c.price, paid.credits - sum(c.price) over (order by c.ord) + c.price), 0),
         paid.source
    from (select x.*, darkroom.price_of(x.slot) as price
            from darkroom.pack_jobs(job, project, with_aplus) x) c,
         darkroom.charge paid
   where paid.job_id = job
  on conflict (job_id) do nothing;
  update darkroom.charge set credits = 0 where job_id = job;
  perform 1 from public."Project" where id = project for no key update; -- locked before slots
  insert into darkroom.slot as s (project_id, slot, job_id, state)
  select project, c.slot, c.id, 'open' from darkroom.pack_jobs(job, project, with_aplus) c order by c.slot
  on conflict (project_id, slot) do update
    set job_id = excluded.job_id, state = 'open', updated_at = now();
  delete from darkroom.slot where project_id = project and slot = 'PACK' and job_id = job;
  perform darkroom.complete_job(job);
  perform darkroom.update_project_status(project);
  return '{"committed":true}';
end
$$;
comment on function darkroom.commit_pack is
  'Queues the six images of a pack, and A+ content if requested, once, and completes the pack.';

create or replace function darkroom.charge_user(job uuid, payer text, slot text, credits int,
  what text default 'Image for an A+ module') returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  balance bigint;
begin
  perform 1 from public."User" where id = payer for no key update; -- see refund()
  if exists (select 1 from public."CreditTransaction" where id = 'usage:' || job || ':' || slot) then
    return true;
  end if;
  select coalesce(sum(amount), 0) into balance from public."CreditTransaction"
   where "userId" = payer;
  if balance < credits then
    return false;
  end if;
  insert into public."CreditTransaction" (id, "userId", amount, type, description, metadata)
  values ('usage:' || job || ':' || slot, payer, -credits, 'USAGE',
          what, jsonb_build_object('jobId', job, 'by', 'darkroom'));
  return true;
end
$$;
comment on function darkroom.charge_user is
  'Charges a user for a job that darkroom created. Returns false if the balance is too low.';

create or replace function darkroom.commit_aplus(job uuid, lease bigint, worker text,
  modules jsonb, premium boolean, module_requests jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
  q public.job_queue;
  project text;
  w jsonb;
  child uuid;
  place text;
  cost int := darkroom.price_of('A_PLUS_MODULE');
  paid boolean;
begin
  if held = 'completed' then
    return '{"committed":true,"already":true}';
  elsif held <> 'held' then
    return '{"lost":true}';
  end if;
  perform darkroom.finish_call(done);
  select * into q from public.job_queue j where j.id = job;
  project := q.payload->>'projectId';
  -- Locks the project, then the user, then slots: the same order everywhere.
  perform 1 from public."Project" where id = project for no key update;
  insert into public."APlusContent" (id, "projectId", modules, "isPremium", "createdAt",
                                     "updatedAt")
  values (job::text, project, modules, premium, timezone('utc', now()), timezone('utc', now()))
  on conflict ("projectId") do update set modules = excluded.modules,
    "isPremium" = excluded."isPremium", "updatedAt" = excluded."updatedAt";
  for w in select * from jsonb_array_elements(coalesce(module_requests, '[]')) loop
    place := 'A_PLUS_MODULE:' || (w->>'module') || ':' || (w->>'slot');
    child := darkroom.child_id(job, place);
    paid := darkroom.charge_user(child, q.user_id, place, cost);
    insert into public.job_queue (id, job_type, payload, user_id, max_retries, darkroom_priority, status,
                                  error_message, completed_at)
    values (child, 'generate-image',
            jsonb_build_object('projectId', project, 'imageType', 'A_PLUS_MODULE') || w, q.user_id,
            2, q.darkroom_priority, case when paid then 'pending' else 'failed' end,
            case when not paid then 'Not enough credits for this module image (' || cost
              || ' are needed).' end,
            case when not paid then now() end)
    on conflict (id) do nothing;
    insert into darkroom.charge (job_id, user_id, slot, credits, source)
    values (child, q.user_id, place, case when paid then cost else 0 end, 'worker')
    on conflict (job_id) do nothing;
    insert into darkroom.slot as s (project_id, slot, job_id, state)
    values (project, place, child, case when paid then 'open' else 'failed' end)
    on conflict (project_id, slot) do update
      set job_id = excluded.job_id, state = excluded.state, updated_at = now();
  end loop;
  perform darkroom.complete_job(job);
  perform darkroom.finish_slot(job, project, 'done');
  return '{"committed":true}';
end
$$;
comment on function darkroom.commit_aplus is
  'Stores the A+ content of a project, replacing an earlier one, and queues a job per requested '
  'module image.';

create or replace function darkroom.fail_permanently(job uuid, reason text) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  project text;
begin
  update public.job_queue q
     set status = 'failed', completed_at = now(), error_message = reason, darkroom_lease_until = null
   where q.id = job
   returning case when jsonb_typeof(q.payload) = 'object' then q.payload->>'projectId' end
    into project;
  update darkroom.batch_item i set state = 'failed', error = reason where i.job_id = job;
  perform darkroom.finish_slot(job, (select p.id from public."Project" p where p.id = project),
                            'failed');
  return darkroom.refund(job) + darkroom.batch_api_end_open_items(job, reason);
end
$$;
comment on function darkroom.fail_permanently is
  'Fails a job finally: its row, the refund and the project status, in one transaction.';

create or replace function darkroom.fail_job(job uuid, lease bigint, worker text, message text,
  retry boolean, spend boolean, delay_ms bigint, call jsonb, detail text default null)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
  q public.job_queue;
  spends boolean;
  batch text;
  refunded int;
begin
  if held = 'failed' then
    return '{"state":"failed","refunded":0,"already":true}';
  elsif held <> 'held' then
    return '{"lost":true}';
  end if;
  perform darkroom.finish_call(call);
  insert into darkroom.job_failure (job_id, lease, worker, message, detail)
  values (job, lease, worker, message, detail);
  select * into q from public.job_queue j where j.id = job;
  spends := spend or q.darkroom_busy >= 20; -- a provider that stays busy counts as a failure
  select b.state into batch from darkroom.batch b
   where b.id in (select i.batch_id from darkroom.batch_item i where i.job_id = job)
      or b.id in (select c.batch_id from darkroom.batch_api_chunk c
                   where c.job_id = job and c.state = 'open');
  if not retry or batch = 'cancelled' or (spends and q.retry_count >= q.max_retries) then
    refunded := darkroom.fail_permanently(job, message);
    update darkroom.batch_item i set error = coalesce(detail, message) where i.job_id = job;
    return jsonb_build_object('state', 'failed', 'refunded', refunded);
  end if;
  update public.job_queue
     set status = 'pending', processed_at = null, error_message = message, darkroom_leased_by = null,
         darkroom_lease_until = null, retry_count = retry_count + case when spends then 1 else 0 end,
         darkroom_busy = case when spend then darkroom_busy else least(darkroom_busy + 1, 30000) end,
         darkroom_run_at = now() + delay_ms * interval '1 ms'
   where id = job;
  return '{"state":"pending","refunded":0}';
end
$$;
comment on function darkroom.fail_job is
  'Makes the job pending again after a delay while attempts are left. Otherwise fails it '
  'finally, with the refund.';

create or replace function darkroom.cancel_job(job uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
begin
  select * into q from public.job_queue j where j.id = job for no key update;
  if not found then
    return '{"state":"missing"}';
  elsif q.status in ('completed', 'failed') then
    return jsonb_build_object('state', q.status);
  end if;
  perform darkroom.record_first_claim(array[job]);
  update public.job_queue set darkroom_lease = darkroom_lease + 1, darkroom_leased_by = null where id = job;
  return jsonb_build_object('state', 'cancelled', 'refunded',
                            darkroom.fail_permanently(job, 'Cancelled.'));
end
$$;
comment on function darkroom.cancel_job is
  'Cancels an unfinished job and refunds it. The worker that holds it loses the lease.';

create or replace function darkroom.retry_job(job uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
  again uuid := gen_random_uuid();
  back int;
begin
  select * into q from public.job_queue j where j.id = job for no key update;
  if not found then
    return '{"state":"missing"}';
  elsif q.status <> 'failed' then
    return jsonb_build_object('state', q.status);
  elsif exists (select 1 from darkroom.batch_item i where i.job_id = job)
     or exists (select 1 from darkroom.batch_api_chunk c where c.job_id = job) then
    return '{"state":"of a batch"}';
  end if;
  -- A refunded job is not refunded again, so its successor is free.
  select coalesce(sum(amount), 0) into back from public."CreditTransaction"
   where id like 'refund:' || job || ':%';
  insert into public.job_queue (id, job_type, payload, user_id, max_retries, darkroom_priority)
  values (again, q.job_type, q.payload, q.user_id, q.max_retries, q.darkroom_priority);
  insert into darkroom.charge (job_id, user_id, slot, credits, source)
  select again, c.user_id, c.slot, case when back > 0 then 0 else c.credits end,
         case when back > 0 then 'free' else c.source end
    from darkroom.charge c where c.job_id = job;
  perform darkroom.record_first_claim(array[again]);
  return jsonb_build_object('state', 'queued', 'job', again);
end
$$;
comment on function darkroom.retry_job is
  'Queues a failed job again as a new job. The failed one keeps its history.';
