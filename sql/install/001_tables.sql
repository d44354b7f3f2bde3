-- 001_tables.sql - the columns and tables that darkroom adds to the host application's database.
--
-- Scheduling state is in columns of job_queue, each with a default. Prices are not, because on
-- Supabase any user may be able to insert into job_queue: they are in a schema that the REST
-- interface does not expose.
create schema if not exists darkroom;
comment on schema darkroom is
  'The darkroom worker: leases, prices, calls to models, requested slots, batches.';

alter table public.job_queue
  add column if not exists darkroom_run_at timestamptz not null default now(),
  add column if not exists darkroom_priority smallint not null default 0,
  add column if not exists darkroom_lease bigint not null default 0,
  add column if not exists darkroom_leased_by text,
  add column if not exists darkroom_lease_until timestamptz,
  add column if not exists darkroom_losses smallint not null default 0,
  add column if not exists darkroom_busy smallint not null default 0,
  add column if not exists darkroom_cost smallint not null default 0;
comment on column public.job_queue.darkroom_run_at is
  'Earliest time at which the job may be claimed. Retries are delayed by it; infinity pauses a '
  'job.';
comment on column public.job_queue.darkroom_priority is
  'A higher number is claimed first. Interactive jobs have 0, jobs of a batch -10.';
comment on column public.job_queue.darkroom_lease is
  'Grows with every claim. A write must name the current number, so a stale worker changes '
  'nothing.';
comment on column public.job_queue.darkroom_leased_by is
  'The worker that holds the lease; ''legacy'' for callers of get_next_job(); ''children'' for a pack '
  'that waits for its parts.';
comment on column public.job_queue.darkroom_lease_until is
  'When the lease expires. The job is then returned to the queue. Never, for a pack that waits for '
  'its parts.';
comment on column public.job_queue.darkroom_losses is
  'How many workers died while they held this job, since it last made progress. From two on it '
  'runs alone; it fails at seven.';
comment on column public.job_queue.darkroom_busy is
  'How often a provider was too busy. This spends no attempt up to 20 times.';
comment on column public.job_queue.darkroom_cost is
  'Weight of the running job among those of its seller, in credits.';

-- A claim reads one seller after the other, each from its oldest job on. Jobs of one INSERT have
-- equal keys. With deduplication their entries would share lists, and each claim would read the rows
-- of all claimed jobs in the first list until all of its jobs are claimed.
drop index if exists public.darkroom_pending;
create index if not exists darkroom_ready on public.job_queue (darkroom_priority,
  (coalesce(user_id, '') collate "C"), darkroom_run_at, created_at)
  with (deduplicate_items = off)
  where status = 'pending' and job_type in ('generate-image', 'generate-complete-pack',
    'generate-aplus', 'regenerate-image', 'batch-api');
alter index public.darkroom_ready set (deduplicate_items = off);
create index if not exists darkroom_suspect on public.job_queue (darkroom_run_at)
  where darkroom_losses >= 2 and status in ('pending', 'processing');
create index if not exists darkroom_processing on public.job_queue (darkroom_lease_until)
  where status = 'processing';
-- Each row is updated a few times and then never again. Free space on the page keeps these updates
-- heap-only, and vacuum starts after a number of rows instead of a fraction of a growing table.
alter table public.job_queue set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 200, autovacuum_vacuum_cost_delay = 0);

-- A bulk insert through PostgREST writes NULL into a column that only another of its rows names.
-- Such a row gets the application's defaults.
create or replace function darkroom.fill_defaults() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.status is null or new.retry_count is null or new.max_retries is null
     or new.created_at is null then
    new.status := coalesce(new.status, 'pending');
    new.retry_count := coalesce(new.retry_count, 0);
    new.max_retries := coalesce(new.max_retries, 3);
    new.created_at := coalesce(new.created_at, now());
  end if;
  return new;
end
$$;
comment on function darkroom.fill_defaults is
  'Replaces NULL in job_queue by the defaults of the application.';
-- Without a condition, which would keep the application from changing the types of these columns.
create or replace trigger darkroom_fill_defaults before insert or update on public.job_queue
  for each row execute function darkroom.fill_defaults();
-- This reads the whole table. `darkroom migrate` does it after this transaction if the table is
-- large.
do $$
begin
  if pg_relation_size('public.job_queue') <= 32 * 1024 * 1024 then
    update public.job_queue q set status = q.status
     where q.status is null or q.retry_count is null or q.max_retries is null
        or q.created_at is null;
  end if;
end
$$;

-- A job that was running before the installation: its holder gets 15 minutes to finish it.
update public.job_queue
   set darkroom_leased_by = 'legacy', darkroom_lease_until = now() + interval '15 minutes'
 where status = 'processing' and darkroom_lease_until is null;

create table if not exists darkroom.price (
  kind text primary key,
  credits int not null check (credits >= 0)
);
comment on table darkroom.price is
  'Credits that the host application charges before it inserts a job.';
comment on column darkroom.price.kind is 'An image type, APLUS or APLUS_PREMIUM.';
comment on column darkroom.price.credits is 'Price of one.';
insert into darkroom.price values ('MAIN_IMAGE', 5), ('INFOGRAPHIC', 10),
  ('FEATURE_HIGHLIGHT', 5), ('LIFESTYLE', 8), ('COMPARISON_CHART', 10), ('DIMENSION_DIAGRAM', 5),
  ('A_PLUS_MODULE', 3), ('APLUS', 20), ('APLUS_PREMIUM', 50)
on conflict do nothing;

create table if not exists darkroom.charge (
  job_id uuid primary key,
  user_id text not null,
  slot text not null,
  credits int not null check (credits >= 0),
  source text not null check (source in ('application', 'worker', 'free')),
  created_at timestamptz not null default now()
);
comment on table darkroom.charge is
  'The price of a job, frozen at its first claim. A refund is at most this amount.';
comment on column darkroom.charge.job_id is
  'The job. Not a foreign key: the row stays after the job is deleted.';
comment on column darkroom.charge.user_id is 'The user who paid.';
comment on column darkroom.charge.slot is 'What was paid for: an image type, APLUS or PACK.';
comment on column darkroom.charge.credits is 'Credits paid.';
comment on column darkroom.charge.source is
  'application: charged before it inserted the job; worker: charged by darkroom; free: not '
  'charged.';
comment on column darkroom.charge.created_at is 'When the price was frozen.';

create table if not exists darkroom.slot (
  project_id text not null,
  slot text not null,
  job_id uuid not null,
  state text not null check (state in ('open', 'done', 'failed')),
  updated_at timestamptz not null default now(),
  primary key (project_id, slot)
);
comment on table darkroom.slot is
  'The images and texts requested for a project, with their state. The status of the project is '
  'derived from it.';
comment on column darkroom.slot.project_id is 'The project.';
comment on column darkroom.slot.slot is
  'Image type (for a module image with its module and position), APLUS or PACK.';
comment on column darkroom.slot.job_id is
  'The last job requested for the slot. Only this job changes the state.';
comment on column darkroom.slot.state is
  'open: requested; done: the result exists; failed: failed finally.';
comment on column darkroom.slot.updated_at is 'Time of the last change.';

create table if not exists darkroom.worker (
  id text primary key,
  lock_key bigint not null,
  version text not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);
comment on table darkroom.worker is 'Registered workers.';
comment on column darkroom.worker.id is 'host:pid:random, as in job_queue.darkroom_leased_by.';
comment on column darkroom.worker.lock_key is
  'Advisory lock that the worker''s session holds while it lives. 0 behind a transaction '
  'pooler, where no lock is held.';
comment on column darkroom.worker.version is 'Version of the program.';
comment on column darkroom.worker.started_at is 'When the worker registered.';
comment on column darkroom.worker.heartbeat_at is 'When the worker last showed that it lives.';
alter table darkroom.worker
  add column if not exists beat_ms int not null default 0,
  add column if not exists steady_since timestamptz not null default '-infinity',
  add column if not exists assignments jsonb,
  add column if not exists runs_suspects boolean not null default false,
  add column if not exists next_seller text;
comment on column darkroom.worker.beat_ms is
  'Interval of its heartbeats in milliseconds. 0 for a program of schema version 9.';
comment on column darkroom.worker.steady_since is
  'When the last gap between its heartbeats ended. It rescues no jobs soon after a gap.';
comment on column darkroom.worker.assignments is
  'Provider and model of its image and text calls, for limits across workers.';
comment on column darkroom.worker.runs_suspects is
  'True while it starts only jobs whose workers died, one at a time.';
comment on column darkroom.worker.next_seller is
  'Where its next claim continues if very many sellers wait.';

create table if not exists darkroom.daily_spend (
  day date primary key,
  microusd bigint not null,
  computed_at timestamptz not null
);
comment on table darkroom.daily_spend is 'Cost of model calls by day, for the daily budget.';
comment on column darkroom.daily_spend.day is 'Day, in UTC.';
comment on column darkroom.daily_spend.microusd is 'Millionths of a US dollar.';
comment on column darkroom.daily_spend.computed_at is 'When the sum was computed.';

create table if not exists darkroom.model_call (
  id bigint generated always as identity primary key,
  job_id uuid not null,
  lease bigint not null,
  worker text not null,
  step text not null,
  call_index int not null,
  provider text not null,
  model text not null,
  request jsonb,
  sent_at timestamptz not null default now(),
  finished_at timestamptz,
  outcome text,
  http_status int,
  request_id text,
  usage jsonb,
  cost_microusd bigint,
  ms bigint,
  error text
);
create index if not exists model_call_job on darkroom.model_call (job_id);
create index if not exists model_call_sent on darkroom.model_call (sent_at);
comment on table darkroom.model_call is
  'Every paid call to a model, recorded before it is sent. A call without an outcome may have '
  'been billed.';
comment on column darkroom.model_call.id is 'Number of the call.';
comment on column darkroom.model_call.job_id is
  'The job. Not a foreign key: costs stay after the job is deleted.';
comment on column darkroom.model_call.lease is 'Lease number under which the call was made.';
comment on column darkroom.model_call.worker is 'The worker that made the call.';
comment on column darkroom.model_call.step is
  'Step of the job: extract_features, generate, generate_text or batch_api.';
comment on column darkroom.model_call.call_index is
  '0 for the first call of the step. Grows each time a check rejects the answer.';
comment on column darkroom.model_call.provider is 'Provider that was called.';
comment on column darkroom.model_call.model is 'Model that was called.';
comment on column darkroom.model_call.request is
  'Prompt, size and quality as sent, without images and secrets.';
comment on column darkroom.model_call.sent_at is 'Just before the request was sent.';
comment on column darkroom.model_call.finished_at is 'When the outcome was recorded.';
comment on column darkroom.model_call.outcome is
  'ok; rejected by a check; or the class of the error.';
comment on column darkroom.model_call.http_status is 'HTTP status of the response.';
comment on column darkroom.model_call.request_id is 'Request id of the provider, for its support.';
comment on column darkroom.model_call.usage is 'Tokens used.';
comment on column darkroom.model_call.cost_microusd is
  'Cost in millionths of a US dollar. Null if unknown.';
comment on column darkroom.model_call.ms is 'Duration in milliseconds.';
comment on column darkroom.model_call.error is 'Error text.';

create table if not exists darkroom.job_failure (
  id bigint generated always as identity primary key,
  job_id uuid not null,
  lease bigint not null,
  worker text,
  failed_at timestamptz not null default now(),
  message text not null,
  detail text
);
create index if not exists job_failure_job on darkroom.job_failure (job_id);
comment on table darkroom.job_failure is
  'One row per failed attempt of a job: what the seller reads and the technical detail.';
comment on column darkroom.job_failure.id is 'Row number.';
comment on column darkroom.job_failure.job_id is
  'The job. Not a foreign key: rows stay after a job is deleted.';
comment on column darkroom.job_failure.lease is 'Lease number of the attempt.';
comment on column darkroom.job_failure.worker is 'The worker that ran the attempt.';
comment on column darkroom.job_failure.failed_at is 'When the failure was recorded.';
comment on column darkroom.job_failure.message is
  'The sentence for sellers, as stored in job_queue.error_message.';
comment on column darkroom.job_failure.detail is
  'Technical text for operators: error class, HTTP status, provider message, failed check.';

create table if not exists darkroom.kept_answer (
  job_id uuid primary key,
  spool text not null,
  place timestamptz not null,
  retry_at timestamptz not null,
  takeover interval not null default '10 minutes',
  since timestamptz not null default now(),
  reason text
);
alter table darkroom.kept_answer add column if not exists former uuid;
create index if not exists kept_answer_spool on darkroom.kept_answer (spool, retry_at);
comment on table darkroom.kept_answer is
  'Unfinished jobs whose paid answer lies in the spool of a worker, and failed jobs whose file could '
  'not be stored.';
comment on column darkroom.kept_answer.job_id is
  'The job. Not a foreign key: the row stays after the job is deleted.';
comment on column darkroom.kept_answer.spool is 'Id of the spool folder that holds the answer.';
comment on column darkroom.kept_answer.place is
  'The job''s place in the queue: its darkroom_run_at without the takeover time.';
comment on column darkroom.kept_answer.retry_at is
  'Earliest claim by a worker with this spool. Other workers wait for job_queue.darkroom_run_at.';
comment on column darkroom.kept_answer.takeover is
  'How long the job is left to workers with this spool while none of them lives.';
comment on column darkroom.kept_answer.since is 'When this was recorded.';
comment on column darkroom.kept_answer.reason is 'Why the job failed, for operators.';
comment on column darkroom.kept_answer.former is
  'The failed job whose answer this job may use, because it repeats it. Null: the answer is its own.';

create table if not exists darkroom.unclaimable_job (
  job_id uuid primary key,
  reason text not null,
  since timestamptz not null default now()
);
comment on table darkroom.unclaimable_job is
  'Pending jobs whose row cannot be changed, because a constraint or trigger of the application rejects '
  'that. A claim leaves them out for a minute.';
comment on column darkroom.unclaimable_job.job_id is
  'The job. Not a foreign key: rows of jobs that are gone are harmless.';
comment on column darkroom.unclaimable_job.reason is 'The message of the database.';
comment on column darkroom.unclaimable_job.since is 'When a claim failed last.';

create table if not exists darkroom.pack (
  job_id uuid primary key,
  lease bigint not null,
  worker text not null,
  queued_at timestamptz not null default now(),
  checked_at timestamptz not null default now(),
  ended_at timestamptz
);
create index if not exists pack_open on darkroom.pack (checked_at) where ended_at is null;
comment on table darkroom.pack is 'Packs whose parts are queued.';
comment on column darkroom.pack.job_id is
  'The pack''s job. Not a foreign key: the row stays after the job is deleted.';
comment on column darkroom.pack.lease is
  'Lease under which the parts were queued, to recognise a repeated commit.';
comment on column darkroom.pack.worker is 'The worker that queued them.';
comment on column darkroom.pack.queued_at is 'When they were queued.';
comment on column darkroom.pack.checked_at is 'When settle_packs() last looked at the pack.';
comment on column darkroom.pack.ended_at is
  'When all parts had ended. Null while the pack is open. A part that is made again later changes '
  'the message of the pack''s job, or completes it.';

create table if not exists darkroom.product_features (
  project_id text not null,
  hash text not null,
  features jsonb not null,
  extracted_at timestamptz not null default now(),
  primary key (project_id, hash)
);
comment on table darkroom.product_features is
  'Product features, extracted once per product text and shared by all jobs of the project.';
comment on column darkroom.product_features.project_id is 'The project.';
comment on column darkroom.product_features.hash is
  'Hash of name, description and category. A changed text gets new features.';
comment on column darkroom.product_features.features is
  'Five to eight objects with title, description, priority and icon.';
comment on column darkroom.product_features.extracted_at is 'When they were extracted.';

-- -- batches, see 006_batch.sql and 007_accept.sql ----------------------------------------------

create sequence if not exists darkroom.batch_number;
create table if not exists darkroom.batch (
  id text primary key default 'b' || nextval('darkroom.batch_number') || '-'
    || substr(md5(gen_random_uuid()::text), 1, 4),
  created_at timestamptz not null default now(),
  created_by text not null,
  state text not null default 'filling'
    check (state in ('filling', 'running', 'paused', 'cancelled')),
  pause_reason text,
  selection jsonb not null,
  options jsonb not null,
  estimate jsonb
);
comment on table darkroom.batch is 'A batch of images that are made again.';
comment on column darkroom.batch.id is 'A number and four random digits, unique in this database.';
comment on column darkroom.batch.created_at is 'When the batch was created.';
comment on column darkroom.batch.created_by is 'User and host that created it.';
comment on column darkroom.batch.state is
  'filling: items still wait for jobs; running; paused; cancelled. A running batch without open '
  'items is done.';
comment on column darkroom.batch.pause_reason is 'Why the batch is paused, for operators.';
comment on column darkroom.batch.selection is 'What was selected, for display.';
comment on column darkroom.batch.options is
  'models, quality, variants, charge (none, users), keep (replace, add), batchApi, prompt.';
comment on column darkroom.batch.estimate is 'Estimated cost and duration.';

create table if not exists darkroom.budget (
  batch_id text primary key references darkroom.batch on delete cascade,
  max_microusd bigint,
  spent_microusd bigint not null default 0,
  reserved_microusd bigint not null default 0
);
comment on table darkroom.budget is
  'Cost limit of a batch. A call starts only if its maximum cost fits.';
comment on column darkroom.budget.batch_id is 'The batch.';
comment on column darkroom.budget.max_microusd is
  'Limit in millionths of a US dollar. Null means no limit.';
comment on column darkroom.budget.spent_microusd is
  'Cost of finished calls. A call whose response was lost counts with its maximum cost.';
comment on column darkroom.budget.reserved_microusd is 'Maximum cost of calls in flight.';

create table if not exists darkroom.batch_item (
  batch_id text not null references darkroom.batch on delete cascade,
  item int not null,
  variant int not null,
  source_id text,
  project_id text not null,
  user_id text not null,
  type text not null,
  style text,
  module_request jsonb,
  model text,
  quality text,
  credits int not null default 0,
  requeue_count int not null default 0,
  job_id uuid unique,
  state text not null default 'waiting'
    check (state in ('waiting', 'queued', 'done', 'failed', 'cancelled')),
  error text,
  url text,
  width int,
  height int,
  size int,
  metadata jsonb,
  decision text check (decision in ('accepted', 'rejected', 'reverted')),
  decided_at timestamptz,
  decided_by text,
  replaced jsonb,
  previous_slot_state text,
  primary key (batch_id, item, variant)
);
create index if not exists batch_item_open on darkroom.batch_item (batch_id, item, variant)
  where state in ('waiting', 'queued');
comment on table darkroom.batch_item is 'One variant of one image of a batch.';
comment on column darkroom.batch_item.batch_id is 'The batch.';
comment on column darkroom.batch_item.item is 'Number of the image, from 1.';
comment on column darkroom.batch_item.variant is 'Number of the candidate for the image, from 1.';
comment on column darkroom.batch_item.source_id is
  'The image to replace. Null if the slot has no image.';
comment on column darkroom.batch_item.project_id is 'The project.';
comment on column darkroom.batch_item.user_id is 'Owner of the project.';
comment on column darkroom.batch_item.type is 'Image type.';
comment on column darkroom.batch_item.style is 'Requested style.';
comment on column darkroom.batch_item.module_request is
  'For an A+ module image: module, slot and what to show.';
comment on column darkroom.batch_item.model is 'Model to use. Null means the worker''s default.';
comment on column darkroom.batch_item.quality is
  'Quality to request. Null means the worker''s default.';
comment on column darkroom.batch_item.credits is 'Credits that the user pays.';
comment on column darkroom.batch_item.requeue_count is
  'How often the item was queued again after it failed.';
comment on column darkroom.batch_item.job_id is 'Job of the item. Null before the item is queued.';
comment on column darkroom.batch_item.state is
  'waiting: has no job yet; queued; done: the candidate is stored; failed; cancelled.';
comment on column darkroom.batch_item.error is 'Why the item failed.';
comment on column darkroom.batch_item.url is 'URL of the candidate, as in "GeneratedImage".';
comment on column darkroom.batch_item.width is 'Width in pixels.';
comment on column darkroom.batch_item.height is 'Height in pixels.';
comment on column darkroom.batch_item.size is 'Size in bytes.';
comment on column darkroom.batch_item.metadata is 'How the candidate was made.';
comment on column darkroom.batch_item.decision is 'Decision of a reviewer. Null if undecided.';
comment on column darkroom.batch_item.decided_at is 'When it was decided.';
comment on column darkroom.batch_item.decided_by is 'The reviewer.';
comment on column darkroom.batch_item.replaced is
  'The complete row of the replaced image, for a revert.';
comment on column darkroom.batch_item.previous_slot_state is
  'State of the slot before the candidate was accepted.';

alter table darkroom.model_call
  add column if not exists batch_id text,
  add column if not exists max_cost_microusd bigint;
create index if not exists model_call_batch on darkroom.model_call (batch_id)
  where batch_id is not null;
comment on column darkroom.model_call.batch_id is
  'Batch of the job. Null if the job belongs to none.';
comment on column darkroom.model_call.max_cost_microusd is
  'Upper bound of the cost, reserved in the budget until the outcome is known.';

-- -- Batch API, see 008_batch_api.sql -----------------------------------------------------------

create table if not exists darkroom.batch_api_chunk (
  job_id uuid primary key,
  batch_id text not null references darkroom.batch on delete cascade,
  chunk int not null,
  name uuid not null default gen_random_uuid(),
  state text not null default 'open' check (state in ('open', 'sending', 'sent', 'finished')),
  model text,
  input_file text,
  remote_id text,
  output_file text,
  error_file text,
  remote_status text,
  sent_at timestamptz,
  checked_at timestamptz,
  unique (batch_id, chunk)
);
comment on table darkroom.batch_api_chunk is
  'Items of a batch that go through one batch of the providers Batch API: half price, results '
  'within a day.';
comment on column darkroom.batch_api_chunk.job_id is 'Job of the chunk, of type batch-api.';
comment on column darkroom.batch_api_chunk.batch_id is 'The darkroom batch.';
comment on column darkroom.batch_api_chunk.chunk is 'Number of the chunk within the batch, from 1.';
comment on column darkroom.batch_api_chunk.name is
  'Sent to the provider as metadata. A batch whose creation is uncertain is found by it.';
comment on column darkroom.batch_api_chunk.state is
  'open: not sent; sending: a batch may exist; sent: the batch exists; finished: the provider '
  'is done.';
comment on column darkroom.batch_api_chunk.model is
  'Model of all its records. Null before sending.';
comment on column darkroom.batch_api_chunk.input_file is 'The provider''s id of the input file.';
comment on column darkroom.batch_api_chunk.remote_id is 'The provider''s id of the batch.';
comment on column darkroom.batch_api_chunk.output_file is 'The provider''s id of the result file.';
comment on column darkroom.batch_api_chunk.error_file is 'The provider''s id of the error file.';
comment on column darkroom.batch_api_chunk.remote_status is 'Last status reported by the provider.';
comment on column darkroom.batch_api_chunk.sent_at is 'When sending began.';
comment on column darkroom.batch_api_chunk.checked_at is 'When the status was last checked.';

alter table darkroom.batch_api_chunk
  add column if not exists request_counts jsonb,
  add column if not exists expires_at timestamptz,
  add column if not exists finished_at timestamptz,
  add column if not exists rechecks int not null default 0;
comment on column darkroom.batch_api_chunk.request_counts is
  'The provider''s counts of the finished batch: total, completed, failed. So many lines must be read '
  'before an item without a result fails.';
comment on column darkroom.batch_api_chunk.expires_at is
  'When the provider''s batch expires: until then missing results are waited for.';
comment on column darkroom.batch_api_chunk.finished_at is
  'When the provider first reported that the batch is finished.';
comment on column darkroom.batch_api_chunk.rechecks is
  'How often the result files of the finished batch were incomplete.';

alter table darkroom.batch_item add column if not exists chunk_job uuid;
create index if not exists batch_item_chunk on darkroom.batch_item (chunk_job)
  where chunk_job is not null;
comment on column darkroom.batch_item.chunk_job is
  'The chunk that makes the item through the Batch API. Null if its own job makes it.';
