with price as (
  select case when $4::boolean then 0 else darkroom.credits_of($1, $2::jsonb) end as credits
), balance as (
  select coalesce(sum(amount), 0) as credits from public."CreditTransaction" where "userId" = $3
), job as (
  insert into public.job_queue (job_type, payload, user_id)
  select $1, $2::jsonb, $3 from price, balance where balance.credits >= price.credits
  returning id
), paid as (
  insert into public."CreditTransaction" (id, "userId", amount, type, description, metadata)
  select 'enqueue:' || job.id, $3, -price.credits, 'USAGE', 'Queued by hand: ' || $1,
         jsonb_build_object('jobId', job.id)
    from job, price where price.credits > 0
), free as (
  insert into darkroom.charge (job_id, user_id, slot, credits, source)
  select job.id, $3, darkroom.slot_of($1, $2::jsonb), 0, 'free' from job where $4::boolean
)
select json_build_object('job', (select id from job), 'credits', price.credits,
                         'balance', balance.credits,
                         'workers', (select count(*) from darkroom.worker w
                                      where w.heartbeat_at > now() - interval '2 minutes'))
  from price, balance
