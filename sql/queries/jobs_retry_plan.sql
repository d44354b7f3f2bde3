-- What a retry of these jobs would do. $1: ids of failed jobs. A pack stands for its failed parts.
-- "usdEach" is the mean cost of such a job in the last 30 days, and null without one. Only items of a
-- batch that charges its users are charged again; their failure was refunded.
with chosen as (
  select distinct coalesce(p.job_id, q.id) as id
    from public.job_queue q
    left join lateral (select x.job_id from darkroom.pack_parts(q.id) x where x.state = 'failed') p
      on exists (select 1 from darkroom.pack k where k.job_id = q.id)
   where q.id = any($1::uuid[]) and q.status = 'failed'
     and (p.job_id is not null or not exists (select 1 from darkroom.pack k where k.job_id = q.id))
), judged as (
  select q.id, q.job_type, q.payload->>'imageType' as image, q.created_at,
         darkroom.why_not_retried(q.id) as why, i.batch_id as batch,
         case when h.refunded > 0 or h.source = 'free' or o.job_id is not null then 0
              else coalesce(h.credits, 0) end as paid,
         coalesce(h.refunded, 0) + coalesce(o.credits, 0) as refunded,
         coalesce(i.credits, 0) as charged,
         exists (select 1 from darkroom.kept_answer k where k.job_id = q.id) as kept
    from chosen c join public.job_queue q on q.id = c.id and q.status = 'failed'
    left join darkroom.charge h on h.job_id = q.id
    left join darkroom.owed_refund o on o.job_id = q.id -- its successor is free too, see retry_job
    left join darkroom.batch_item i on i.job_id = q.id
), retried as (
  select * from judged j where j.why is null
), price as (
  select k.job_type, k.image, (select avg(l.usd) from (
           select (select sum(m.cost_microusd) / 1e6 from darkroom.model_call m
                    where m.job_id = d.id) as usd
             from public.job_queue d
            where d.status = 'completed' and d.job_type = k.job_type
              and d.payload->>'imageType' is not distinct from k.image
              and d.completed_at > now() - interval '30 days'
            order by d.completed_at desc limit 200) l) as usd
    from (select distinct r.job_type, r.image from retried r) k
)
select json_build_object(
  'jobs', (select coalesce(json_agg(r.id order by r.created_at, r.id), '[]') from retried r
            where r.batch is null),
  'batches', (select coalesce(json_object_agg(b.batch, b.ids), '{}') from (
     select r.batch, json_agg(r.id order by r.id) as ids from retried r
      where r.batch is not null group by 1) b),
  'types', (select coalesce(json_agg(json_build_object('type', t.job_type, 'image', t.image,
      'jobs', t.jobs, 'keptAnswers', t.kept, 'usdEach', t.usd) order by t.jobs desc, t.job_type, t.image), '[]') from (
     select r.job_type, r.image, count(*) as jobs, count(*) filter (where r.kept) as kept, p.usd
       from retried r
       join price p on p.job_type = r.job_type and p.image is not distinct from r.image
      group by 1, 2, p.usd) t),
  'keptAnswers', (select count(*) from retried r where r.kept),
  'chargedCredits', (select coalesce(sum(r.charged), 0) from retried r),
  'paidCredits', (select coalesce(sum(r.paid), 0) from retried r),
  'refundedCredits', (select coalesce(sum(r.refunded), 0) from retried r),
  'skipped', (select coalesce(json_agg(json_build_object('why', s.why, 'jobs', s.jobs)
      order by s.jobs desc, s.why), '[]')
      from (select j.why, count(*) as jobs from judged j where j.why is not null group by 1) s))
