-- Recomputes how credits were paid and used, for each user. Finds what was forged (credits or
-- results that no payment covers), what was lost (paid and neither delivered nor refunded), what is
-- owed (refunds that a rule of the application rejects), and what differs between two records of
-- the same fact.
with start as (
  select timezone('utc', coalesce(max(started_at), '-infinity')) as at from darkroom.ledger_start
), ledger as (
  select t."userId" as user_id, coalesce(-sum(t.amount) filter (where t.type = 'USAGE'), 0) as paid,
         coalesce(sum(t.amount) filter (where t.type = 'REFUND'), 0) as refunded,
         sum(t.amount) as balance
    from public."CreditTransaction" t group by 1
), refund as ( -- of a job: darkroom's own rows, and rows that name one of its jobs
  select t.id, t."userId" as user_id, t.amount, t."createdAt" as at,
         case when t.id like 'refund:%' then split_part(t.id, ':', 2)
           else t.metadata->>'jobId' end as job
    from public."CreditTransaction" t
   where t.id like 'refund:%' or t.type = 'REFUND' and t.metadata->>'jobId' is not null
), refunds as (
  select r.job, count(*) as count, sum(r.amount) as amount,
         string_agg(r.id, ', ' order by r.at, r.id) as ids, min(r.user_id) as user_id,
         min(r.at) as at
    from refund r cross join start
    left join darkroom.charge c on c.job_id = darkroom.uuid_of(r.job)
   -- an earlier installation refunded a job that was charged again in this one
   where not (r.at < start.at and timezone('utc', coalesce(c.created_at, '-infinity')) >= start.at)
   group by 1
), charge as (
  select c.*, c.credits > 0 and c.source in ('application', 'worker') as is_paid,
         r.count as refunds,
         coalesce(r.amount, 0) as back, r.ids, q.status, u.id is not null as has_user
    from darkroom.charge c
    left join refunds r on r.job = c.job_id::text
    left join public.job_queue q on q.id = c.job_id
    left join public."User" u on u.id = c.user_id
), used as (
  select user_id, coalesce(sum(credits) filter (where state = 'delivered'), 0) as delivered,
         coalesce(sum(credits) filter (where state = 'open'), 0) as open
    from charge where is_paid group by 1
), finding as (
  select 'forged' as kind, r.user_id as user, 'a refund of a job that was never charged' as finding,
         r.job as subject, r.amount || ' credits by ' || r.ids as detail
    from refunds r, start
   where r.at >= start.at and not exists (select 1 from darkroom.charge c
     where c.job_id::text = r.job)
  union all
  select 'forged', c.user_id, 'a job was refunded more than it cost', c.job_id::text,
         c.back || ' of ' || c.credits || ' by ' || c.ids
    from charge c where c.back > case when c.is_paid then c.credits else 0 end
  union all
  select 'forged', c.user_id, 'a job was refunded twice', c.job_id::text, c.ids
    from charge c where c.refunds > 1
  union all
  select 'forged', c.user_id, 'a job was refunded although its result exists', c.job_id::text,
         c.back || ' by ' || c.ids
    from charge c
   where c.refunds > 0 and (c.state = 'delivered'
      or exists (select 1 from public."GeneratedImage" g where g.id = c.job_id::text))
  union all
  select 'forged', c.user_id, 'a job was refunded before it ended', c.job_id::text, c.ids
    from charge c where c.refunds > 0 and coalesce(c.status, 'pending') in ('pending', 'processing')
     and (c.status is not null or c.state = 'open')
  union all
  select 'forged', l.user_id, 'more was refunded or delivered than was paid', l.user_id,
         'paid ' || l.paid || ', refunded ' || l.refunded || ', before darkroom '
           || coalesce(a.opening, 0)
           || ', delivered ' || coalesce(u.delivered, 0) || ', open ' || coalesce(u.open, 0)
           || ': a refund was forged, or a USAGE row was deleted'
    from ledger l left join used u on u.user_id = l.user_id
    left join darkroom.account a on a.user_id = l.user_id
   where l.paid - l.refunded - coalesce(a.opening, 0) - coalesce(u.delivered, 0)
     - coalesce(u.open, 0) < 0
  union all
  select 'forged', p."userId", 'an image that no job made', g.id, g.type::text
    from public."GeneratedImage" g join public."Project" p on p.id = g."projectId" cross join start
   where g."createdAt" >= start.at
     and not exists (select 1 from darkroom.claimed_job j where j.job_id = darkroom.uuid_of(g.id))
     and not exists (select 1 from darkroom.batch_item i where i.job_id = darkroom.uuid_of(g.id))
     -- images that the application's own processor made have ids of their own
     and not exists (select 1 from darkroom.claimed_job j
       join darkroom.charge c on c.job_id = j.job_id
                      where j.project_id = g."projectId" and c.by_host)
  union all
  select 'forged', c.user_id, 'an image of a job that failed', c.job_id::text, g.url
    from charge c join public."GeneratedImage" g on g.id = c.job_id::text
   where c.state = 'returned' and c.refunds is null
  union all
  select 'lost', c.user_id, 'a job failed and its credits were not refunded', c.job_id::text,
         c.back || ' of ' || c.credits || case when c.refunded > c.back
           then ': the REFUND row was deleted' else '' end
    from charge c where c.is_paid and c.state = 'returned' and c.back < c.credits and c.has_user
     and not exists (select 1 from darkroom.owed_refund o where o.job_id = c.job_id)
  union all
  select 'owed', o.user_id,
         'a rule of the application rejects a refund: correct it, and the refund follows by itself',
         o.job_id::text,
         o.credits || ' credits since ' || to_char(o.since at time zone 'utc', 'YYYY-MM-DD HH24:MI')
           || ' UTC, tried ' || o.tries || ' times: ' || o.reason
    from darkroom.owed_refund o
  union all
  select 'lost', c.user_id, 'a job ended and its charge is open', c.job_id::text,
         coalesce(c.status, 'deleted')
    from charge c
   where c.state = 'open' and coalesce(c.status, 'deleted') not in ('pending', 'processing')
     and not exists (select 1 from darkroom.deleted_job d where d.job_id = c.job_id)
     and not exists (select 1 from public.job_queue q where q.id = c.job_id and q.status is null)
  union all
  select 'lost', c.user_id, 'an image was paid and never stored', c.job_id::text, c.credits::text
    from charge c join darkroom.claimed_job j on j.job_id = c.job_id cross join start
   where c.is_paid and c.state = 'delivered' and not c.by_host and j.job_type = 'generate-image'
     and timezone('utc', c.created_at) >= start.at
     and exists (select 1 from public."Project" p where p.id = j.project_id)
     and not exists (select 1 from darkroom.image_detail d where d.image_id = c.job_id::text)
     and not exists (select 1 from public."GeneratedImage" g where g.id = c.job_id::text)
  union all
  select 'lost', c.user_id, 'darkroom charged for a job, and the USAGE row was deleted',
    c.job_id::text,
         c.credits || ' by usage:' || c.job_id || ':' || c.slot
    from charge c where c.is_paid and c.source = 'worker' and c.has_user
     and not exists (select 1 from public."CreditTransaction" t
                      where t.id = 'usage:' || c.job_id || ':' || c.slot)
  union all
  select 'differs', a.user_id, 'the account and its charges differ', a.user_id,
         a.used || ', charges ' || coalesce(u.delivered + u.open, 0)
    from darkroom.account a left join used u on u.user_id = a.user_id
   where a.used <> coalesce(u.delivered + u.open, 0)
  union all
  select 'differs', l.user_id, 'a balance is negative', l.user_id, l.balance::text
    from ledger l where l.balance < 0
)
select coalesce(json_agg(f), '[]') from (
  select * from finding order by kind, "user", finding, subject) f
