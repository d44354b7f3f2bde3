-- 001_tables.sql - what darkroom adds to the host application's database.
--
-- Scheduling state stands in columns of job_queue, each with a default. Money never does: on
-- Supabase anybody may be able to insert into job_queue, so what a job cost is kept in a schema that
-- the REST interface does not show.
create schema if not exists darkroom;
comment on schema darkroom is 'The darkroom worker: leases, prices, paid calls, what was asked for.';

alter table public.job_queue
  add column if not exists run_at timestamptz not null default now(),
  add column if not exists priority smallint not null default 0,
  add column if not exists lease bigint not null default 0,
  add column if not exists leased_by text,
  add column if not exists lease_until timestamptz,
  add column if not exists losses smallint not null default 0,
  add column if not exists busy smallint not null default 0;
comment on column public.job_queue.run_at is 'Not to be claimed before: retries wait.';
comment on column public.job_queue.priority is 'Higher first; interactive work is 0.';
comment on column public.job_queue.lease is
  'Grows with every claim. Whoever writes names the number it was given; an old one writes nothing.';
comment on column public.job_queue.leased_by is
  'The worker that holds the job; ''legacy'' for callers of get_next_job().';
comment on column public.job_queue.lease_until is 'When the holder is taken for dead.';
comment on column public.job_queue.losses is 'How many holders died with this job in hand.';
comment on column public.job_queue.busy is
  'How often the provider was too busy; that spends no attempt, up to a bound.';

create index if not exists darkroom_pending on public.job_queue (priority desc, run_at)
  where status = 'pending';
create index if not exists darkroom_processing on public.job_queue (lease_until)
  where status = 'processing';
-- Rows change state a few times and then rest: room on the page keeps updates in place, and
-- vacuum comes by the row, not by the share of a growing table.
alter table public.job_queue set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 200, autovacuum_vacuum_cost_delay = 0);

-- What was being worked on before this: its holder, if it lives, is given a while.
update public.job_queue set leased_by = 'legacy', lease_until = now() + interval '15 minutes'
 where status = 'processing' and lease_until is null;

create table if not exists darkroom.price (
  kind text primary key,
  credits int not null check (credits >= 0)
);
comment on table darkroom.price is
  'Credits that the host application charges, before it inserts the job.';
comment on column darkroom.price.kind is 'An image type, APLUS or APLUS_PREMIUM.';
comment on column darkroom.price.credits is 'Credits for one.';
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
  'What was paid for a job, frozen when it is first claimed: what comes back if it fails.';
comment on column darkroom.charge.job_id is 'The job; no foreign key: money outlives jobs.';
comment on column darkroom.charge.user_id is 'Who paid.';
comment on column darkroom.charge.slot is 'What for: an image type, APLUS, PACK.';
comment on column darkroom.charge.credits is 'How much.';
comment on column darkroom.charge.source is
  'Who took the credits: the application before it inserted the job, or this worker.';
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
  'What was asked for of a project, and whether it is there: the project''s status follows.';
comment on column darkroom.slot.project_id is 'The project.';
comment on column darkroom.slot.slot is 'Image type (of a module: and its place), APLUS, PACK.';
comment on column darkroom.slot.job_id is 'The last job that was asked for it; it alone decides.';
comment on column darkroom.slot.state is 'open: asked for; there: made; failed: for good.';
comment on column darkroom.slot.updated_at is 'Last change.';

create table if not exists darkroom.worker (
  id text primary key,
  lock_key bigint not null,
  version text not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);
comment on table darkroom.worker is 'Workers that are there.';
comment on column darkroom.worker.id is 'host:pid:random, as in job_queue.leased_by.';
comment on column darkroom.worker.lock_key is
  'Advisory lock that its session holds while it lives; 0: none (transaction pooler).';
comment on column darkroom.worker.version is 'Of the program.';
comment on column darkroom.worker.started_at is 'When it came.';
comment on column darkroom.worker.heartbeat_at is 'When it last renewed its leases.';

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
  'Every paid call, written before it is sent. One without an outcome may have been billed.';
comment on column darkroom.model_call.id is 'Number.';
comment on column darkroom.model_call.job_id is 'For which job; no foreign key: costs outlive jobs.';
comment on column darkroom.model_call.lease is 'Under which lease.';
comment on column darkroom.model_call.worker is 'By whom.';
comment on column darkroom.model_call.step is 'learn, develop, write.';
comment on column darkroom.model_call.call_index is '0 for the first asking; a check may ask for more.';
comment on column darkroom.model_call.provider is 'To whom.';
comment on column darkroom.model_call.model is 'Which model.';
comment on column darkroom.model_call.request is 'What was asked: prompt, size, quality.';
comment on column darkroom.model_call.sent_at is 'Just before it was sent.';
comment on column darkroom.model_call.finished_at is 'When its end was recorded.';
comment on column darkroom.model_call.outcome is 'ok, turned down (by a check), or the error''s class.';
comment on column darkroom.model_call.http_status is 'Of the answer.';
comment on column darkroom.model_call.request_id is 'The provider''s own, for its support desk.';
comment on column darkroom.model_call.usage is 'Tokens.';
comment on column darkroom.model_call.cost_microusd is 'Millionths of a dollar; null: not known.';
comment on column darkroom.model_call.ms is 'How long it took.';
comment on column darkroom.model_call.error is 'What went wrong.';

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

create table if not exists darkroom.product_features (
  project_id text not null,
  hash text not null,
  features jsonb not null,
  extracted_at timestamptz not null default now(),
  primary key (project_id, hash)
);
comment on table darkroom.product_features is 'Product features, learnt once for a text and shared.';
comment on column darkroom.product_features.project_id is 'The project.';
comment on column darkroom.product_features.hash is 'Of name, description and category: new text, new features.';
comment on column darkroom.product_features.features is 'Five to eight of {title, description, priority, icon}.';
comment on column darkroom.product_features.extracted_at is 'When.';

-- -- images made again: batches, see 006_batch.sql and 007_accept.sql ------------------------------

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
comment on table darkroom.batch is 'Images that are made again, together.';
comment on column darkroom.batch.id is 'A number and four random digits: of this database alone.';
comment on column darkroom.batch.created_at is 'When.';
comment on column darkroom.batch.created_by is 'Who: user and host.';
comment on column darkroom.batch.state is
  'filling: items wait for their jobs; running; paused; cancelled. Over when no item is open.';
comment on column darkroom.batch.pause_reason is 'In words.';
comment on column darkroom.batch.selection is 'What was chosen, in words.';
comment on column darkroom.batch.options is
  'models, quality, variants, charge (nobody, users), keep (replace, add), economy, prompt.';
comment on column darkroom.batch.estimate is 'What it was thought to cost and to take.';

create table if not exists darkroom.budget (
  batch_id text primary key references darkroom.batch on delete cascade,
  max_microusd bigint,
  spent_microusd bigint not null default 0,
  reserved_microusd bigint not null default 0
);
comment on table darkroom.budget is
  'What a batch''s calls cost. A call is let out only where it cannot pass the most.';
comment on column darkroom.budget.batch_id is 'The batch.';
comment on column darkroom.budget.max_microusd is 'The most that it may cost; null: anything.';
comment on column darkroom.budget.spent_microusd is
  'By calls that ended; one whose answer was lost counts as dear as it can have been.';
comment on column darkroom.budget.reserved_microusd is 'By calls under way, at their worst.';

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
comment on table darkroom.batch_item is 'One image to be made again, in one variant.';
comment on column darkroom.batch_item.batch_id is 'Its batch.';
comment on column darkroom.batch_item.item is 'Which image, from 1.';
comment on column darkroom.batch_item.variant is 'Which of the candidates for it, from 1.';
comment on column darkroom.batch_item.source_id is
  'The image that it is to replace; null: the slot holds none.';
comment on column darkroom.batch_item.project_id is 'Its project.';
comment on column darkroom.batch_item.user_id is 'Whose project that is.';
comment on column darkroom.batch_item.type is 'Image type.';
comment on column darkroom.batch_item.style is 'As asked for.';
comment on column darkroom.batch_item.module_request is 'Of an A+ module: module, slot, what to show.';
comment on column darkroom.batch_item.model is 'Made by this; null: the worker''s own.';
comment on column darkroom.batch_item.quality is 'At this; null: the worker''s own.';
comment on column darkroom.batch_item.credits is 'What the user pays for it.';
comment on column darkroom.batch_item.requeue_count is 'How often it was queued again.';
comment on column darkroom.batch_item.job_id is 'Its job; null: none yet.';
comment on column darkroom.batch_item.state is
  'waiting: has no job yet; queued; done: the candidate is stored; failed; cancelled.';
comment on column darkroom.batch_item.error is 'Why it failed.';
comment on column darkroom.batch_item.url is 'Of the candidate, as in "GeneratedImage".';
comment on column darkroom.batch_item.width is 'Pixels.';
comment on column darkroom.batch_item.height is 'Pixels.';
comment on column darkroom.batch_item.size is 'Bytes.';
comment on column darkroom.batch_item.metadata is 'How it was made.';
comment on column darkroom.batch_item.decision is 'What a person said; null: nothing yet.';
comment on column darkroom.batch_item.decided_at is 'When.';
comment on column darkroom.batch_item.decided_by is 'Who.';
comment on column darkroom.batch_item.replaced is 'The row of the old image, whole: to bring it back.';
comment on column darkroom.batch_item.previous_slot_state is 'The state of its slot before it was accepted.';

alter table darkroom.model_call
  add column if not exists batch_id text,
  add column if not exists max_cost_microusd bigint;
create index if not exists model_call_batch on darkroom.model_call (batch_id) where batch_id is not null;
comment on column darkroom.model_call.batch_id is 'For which batch; null: for none.';
comment on column darkroom.model_call.max_cost_microusd is 'The most that it may cost.';

-- -- images made again at half price: see 008_batch_api.sql -------------------------------------------

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
  'Items of a batch that go through one batch of the provider''s: at half price, within a day.';
comment on column darkroom.batch_api_chunk.job_id is 'Its job, of type batch-api.';
comment on column darkroom.batch_api_chunk.batch_id is 'Our batch.';
comment on column darkroom.batch_api_chunk.chunk is 'Which part of it, from 1.';
comment on column darkroom.batch_api_chunk.name is
  'Told to the provider: the batch is found by it where nobody knows whether it was made.';
comment on column darkroom.batch_api_chunk.state is
  'open: not sent; sending: it may be there; sent: it is; over: the provider is done with it.';
comment on column darkroom.batch_api_chunk.model is 'Of all its lines; null: not sent yet.';
comment on column darkroom.batch_api_chunk.input_file is 'What the provider calls the requests.';
comment on column darkroom.batch_api_chunk.remote_id is 'What the provider calls the batch.';
comment on column darkroom.batch_api_chunk.output_file is 'And the results.';
comment on column darkroom.batch_api_chunk.error_file is 'And those that are none.';
comment on column darkroom.batch_api_chunk.remote_status is 'How it stands, in the provider''s own word.';
comment on column darkroom.batch_api_chunk.sent_at is 'When.';
comment on column darkroom.batch_api_chunk.checked_at is 'When somebody last asked how it stands.';

alter table darkroom.batch_item add column if not exists chunk_job uuid;
create index if not exists batch_item_chunk on darkroom.batch_item (chunk_job)
  where chunk_job is not null;
comment on column darkroom.batch_item.chunk_job is
  'The chunk that makes it; null: its own job does, at the usual price.';
