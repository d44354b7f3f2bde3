with refund as (
  select t.id, t."userId", t.amount, split_part(t.id, ':', 2) as job
    from public."CreditTransaction" t where t.id like 'refund:%'
), finding as (
  select 'a job was refunded more than it cost' as finding, r.job as subject,
         sum(r.amount) || ' of ' || coalesce(max(c.credits), 0) as detail
    from refund r left join darkroom.charge c on c.job_id::text = r.job
   group by r.job having sum(r.amount) > coalesce(max(c.credits), 0)
  union all
  select 'a job was refunded although its image exists', r.job, r.amount::text
    from refund r join public."GeneratedImage" g on g.id = r.job
  union all
  select 'a job was refunded before it ended', q.id::text, q.status
    from refund r join public.job_queue q on q.id::text = r.job
   where (q.status in ('pending', 'processing')
          -- a candidate that a reviewer rejected is refunded, too
          or q.status = 'completed' and not exists (select 1 from darkroom.batch_item i
               where i.job_id = q.id and i.decision in ('rejected', 'reverted')))
  union all
  select 'a user was refunded more than was charged', t."userId", sum(t.amount)::text
    from public."CreditTransaction" t where t.type in ('USAGE', 'REFUND')
   group by t."userId" having sum(t.amount) > 0
  union all
  select 'a balance is negative', t."userId", sum(t.amount)::text
    from public."CreditTransaction" t group by t."userId" having sum(t.amount) < 0
  union all
  select 'a failed job was not refunded', q.id::text, c.credits::text
    from public.job_queue q join darkroom.charge c on c.job_id = q.id
   where q.status = 'failed' and c.credits > 0 and c.source <> 'free'
     and not exists (select 1 from refund r where r.job = q.id::text)
     -- any user may insert jobs: a user who never paid that much gets no refund
     and (select coalesce(-sum(t.amount), 0) from public."CreditTransaction" t
           where t."userId" = c.user_id and t.type in ('USAGE', 'REFUND')) >= c.credits
)
select coalesce(json_agg(f), '[]') from (select * from finding order by finding, subject) f
