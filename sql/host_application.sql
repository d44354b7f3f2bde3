-- host_application.sql - the tables and functions of the application that darkroom serves, exactly
-- as that application creates them, including their defects. Only the demo and the tests use this
-- file: a real installation has these tables already.
create type "ProjectStatus" as enum ('DRAFT', 'PROCESSING', 'COMPLETED', 'FAILED');
create type "ImageType" as enum ('MAIN_IMAGE', 'INFOGRAPHIC', 'FEATURE_HIGHLIGHT', 'LIFESTYLE',
  'COMPARISON_CHART', 'DIMENSION_DIAGRAM', 'A_PLUS_MODULE');
create type "CreditType" as enum ('PURCHASE', 'SUBSCRIPTION', 'USAGE', 'REFUND', 'BONUS');

create table "User" (
  id text primary key,
  email text unique,
  name text,
  "createdAt" timestamp(3) not null default current_timestamp,
  "updatedAt" timestamp(3) not null
);
create table "BrandKit" (
  id text primary key,
  "userId" text not null references "User"(id) on delete cascade on update cascade,
  name text not null,
  "logoUrl" text,
  "primaryColor" text,
  "secondaryColor" text,
  "accentColor" text,
  "fontFamily" text,
  "isDefault" boolean not null default false,
  "createdAt" timestamp(3) not null default current_timestamp,
  "updatedAt" timestamp(3) not null
);
create table "Project" (
  id text primary key,
  "userId" text not null references "User"(id) on delete cascade on update cascade,
  name text not null,
  description text,
  "productName" text not null,
  "productCategory" text,
  status "ProjectStatus" not null default 'DRAFT',
  "mainImage" text,
  "brandKitId" text references "BrandKit"(id) on delete set null on update cascade,
  "createdAt" timestamp(3) not null default current_timestamp,
  "updatedAt" timestamp(3) not null
);
create table "ProjectImage" (
  id text primary key,
  "projectId" text not null references "Project"(id) on delete cascade on update cascade,
  url text not null,
  "originalUrl" text,
  width int not null,
  height int not null,
  size int not null,
  "order" int not null default 0,
  "createdAt" timestamp(3) not null default current_timestamp
);
create table "GeneratedImage" (
  id text primary key,
  "projectId" text not null references "Project"(id) on delete cascade on update cascade,
  type "ImageType" not null,
  style text,
  url text not null,
  width int not null,
  height int not null,
  size int not null,
  metadata jsonb,
  "createdAt" timestamp(3) not null default current_timestamp
);
create table "APlusContent" (
  id text primary key,
  "projectId" text not null unique references "Project"(id) on delete cascade on update cascade,
  modules jsonb not null,
  "isPremium" boolean not null default false,
  "createdAt" timestamp(3) not null default current_timestamp,
  "updatedAt" timestamp(3) not null
);
create table "CreditTransaction" (
  id text primary key,
  "userId" text not null references "User"(id) on delete cascade on update cascade,
  amount int not null,
  type "CreditType" not null,
  description text,
  metadata jsonb,
  "createdAt" timestamp(3) not null default current_timestamp
);
create index on "CreditTransaction" ("userId");
create index on "GeneratedImage" ("projectId");

create table job_queue (
  id uuid primary key default gen_random_uuid(),
  job_type text not null,
  payload jsonb not null,
  status text default 'pending'
    check (status in ('pending', 'processing', 'completed', 'failed')),
  retry_count int default 0,
  max_retries int default 3,
  error_message text,
  created_at timestamptz default now(),
  processed_at timestamptz,
  completed_at timestamptz,
  user_id text references "User"(id) on delete cascade on update cascade
);
create index idx_job_queue_status on job_queue (status, created_at) where status = 'pending';
create index idx_job_queue_type on job_queue (job_type);
create index idx_job_queue_user on job_queue (user_id);

create function get_next_job()
returns table (id uuid, job_type text, payload jsonb, retry_count int, max_retries int,
               user_id text)
language sql as $$
  select q.id, q.job_type, q.payload, q.retry_count, q.max_retries, q.user_id
    from job_queue q where q.status = 'pending'
   order by q.created_at limit 1 for update skip locked
$$;
create function mark_job_processing(job_id uuid) returns void language sql as $$
  update job_queue set status = 'processing', processed_at = now() where id = job_id
$$;
create function mark_job_completed(job_id uuid) returns void language sql as $$
  update job_queue set status = 'completed', completed_at = now() where id = job_id
$$;
create function mark_job_failed(job_id uuid, error_msg text) returns void language sql as $$
  update job_queue
     set status = case when retry_count < max_retries then 'pending' else 'failed' end,
         retry_count = case when retry_count < max_retries then retry_count + 1
                            else retry_count end,
         error_message = error_msg,
         processed_at = case when retry_count < max_retries then null else processed_at end,
         completed_at = case when retry_count < max_retries then null else now() end
   where id = job_id
$$;
