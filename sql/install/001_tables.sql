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
  source text not null check (source in ('application', 'worker', 'nobody')),
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
  state text not null check (state in ('open', 'there', 'failed')),
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

create table if not exists darkroom.attempt (
  id bigint generated always as identity primary key,
  job_id uuid not null,
  lease bigint not null,
  worker text not null,
  step text not null,
  round int not null,
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
create index if not exists attempt_job on darkroom.attempt (job_id);
comment on table darkroom.attempt is
  'Every paid call, written before it is sent. One without an outcome may have been billed.';
comment on column darkroom.attempt.id is 'Number.';
comment on column darkroom.attempt.job_id is 'For which job; no foreign key: costs outlive jobs.';
comment on column darkroom.attempt.lease is 'Under which lease.';
comment on column darkroom.attempt.worker is 'By whom.';
comment on column darkroom.attempt.step is 'learn, develop, write.';
comment on column darkroom.attempt.round is '0 for the first asking; a check may ask for more.';
comment on column darkroom.attempt.provider is 'To whom.';
comment on column darkroom.attempt.model is 'Which model.';
comment on column darkroom.attempt.request is 'What was asked: prompt, size, quality.';
comment on column darkroom.attempt.sent_at is 'Just before it was sent.';
comment on column darkroom.attempt.finished_at is 'When its end was recorded.';
comment on column darkroom.attempt.outcome is 'ok, turned down (by a check), or the error''s class.';
comment on column darkroom.attempt.http_status is 'Of the answer.';
comment on column darkroom.attempt.request_id is 'The provider''s own, for its support desk.';
comment on column darkroom.attempt.usage is 'Tokens.';
comment on column darkroom.attempt.cost_microusd is 'Millionths of a dollar; null: not known.';
comment on column darkroom.attempt.ms is 'How long it took.';
comment on column darkroom.attempt.error is 'What went wrong.';

create table if not exists darkroom.features (
  project_id text not null,
  hash text not null,
  features jsonb not null,
  learnt_at timestamptz not null default now(),
  primary key (project_id, hash)
);
comment on table darkroom.features is 'Product features, learnt once for a text and shared.';
comment on column darkroom.features.project_id is 'The project.';
comment on column darkroom.features.hash is 'Of name, description and category: new text, new features.';
comment on column darkroom.features.features is 'Five to eight of {title, description, priority, icon}.';
comment on column darkroom.features.learnt_at is 'When.';
