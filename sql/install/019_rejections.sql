-- 019_rejections.sql - why the answers of models were rejected, for operators.

create table if not exists darkroom.rejection (
  call_id bigint primary key,
  job_id uuid not null,
  check_name text,
  message text not null,
  measured double precision,
  limit_value double precision,
  picture bytea,
  created_at timestamptz not null default now()
);
create index if not exists rejection_job on darkroom.rejection (job_id);
create index if not exists rejection_created on darkroom.rejection (created_at);
comment on table darkroom.rejection is
  'Answers of models that were rejected, the last ones of each job, each with a picture for '
  'operators. Sellers cannot read it.';
comment on column darkroom.rejection.call_id is 'The call, in model_call.';
comment on column darkroom.rejection.job_id is
  'The job. Not a foreign key: `darkroom tidy` deletes the row after the job.';
comment on column darkroom.rejection.check_name is
  'The check that rejected the answer; null if it could not be turned into an image to check.';
comment on column darkroom.rejection.message is 'What was wrong.';
comment on column darkroom.rejection.measured is 'What the check measured.';
comment on column darkroom.rejection.limit_value is 'The limit of the check, from the rules.';
comment on column darkroom.rejection.picture is
  'JPEG of at most 640 pixels: the place in the photo beside that in the answer; null if there is '
  'none.';
comment on column darkroom.rejection.created_at is 'When it was recorded.';

create or replace function darkroom.record_rejection(call bigint, job uuid, rejection jsonb)
  returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  -- A job has few calls, but may be retried for days.
  kept constant int := 12;
  max_bytes constant int := 65536;
  picture bytea := decode(rejection->>'picture', 'base64');
begin
  insert into darkroom.rejection (call_id, job_id, check_name, message, measured, limit_value,
                                  picture)
  values (call, job, left(rejection->>'check', 60), left(coalesce(rejection->>'message', ''), 300),
          (rejection->>'measured')::double precision, (rejection->>'limit')::double precision,
          case when octet_length(picture) <= max_bytes then picture end)
  on conflict do nothing;
  delete from darkroom.rejection r
   where r.job_id = job and r.call_id in (
     select x.call_id from darkroom.rejection x where x.job_id = job
      order by x.call_id desc offset kept);
end
$$;
comment on function darkroom.record_rejection is
  'Records why the answer to a call was rejected. Keeps the last twelve of a job.';
