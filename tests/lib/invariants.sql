-- invariants.sql - conditions that hold at any moment. Each query returns the rows that violate one, so
-- the output must be empty.

-- a delivered image has not been refunded
select 'delivered and refunded' as broken, g.id from "GeneratedImage" g
  join "CreditTransaction" c on c.id like 'refund:' || g.id || ':%';
-- each refund belongs to a charge that went back, has its amount, and is the only one
select 'refund without a returned charge' as broken, c.id from "CreditTransaction" c
 where c.id like 'refund:%' and not exists (select 1 from darkroom.charge h
   where h.job_id::text = split_part(c.id, ':', 2) and h.state = 'returned'
     and h.refunded = c.amount and h.credits >= c.amount and c.amount > 0);
select 'refunded twice' as broken, split_part(id, ':', 2) from "CreditTransaction"
 where id like 'refund:%' group by 2 having count(*) > 1;
-- a paid job that failed has been refunded completely; a job that was never paid has not
select 'failed and not refunded' as broken, h.job_id::text from darkroom.charge h
  join "User" u on u.id = h.user_id
  left join job_queue q on q.id = h.job_id
 where h.credits > 0 and h.source in ('application', 'worker')
   and (h.state = 'returned' or q.status = 'failed') and not exists (
     select 1 from "CreditTransaction" c where c.amount = h.credits and c.id = 'refund:' || h.job_id || ':' || h.slot)
   and not exists (select 1 from darkroom.owed_refund o where o.job_id = h.job_id and o.credits = h.credits);
-- what is owed has not been paid, and is at most what the job cost
select 'owed and not due' as broken, o.job_id::text from darkroom.owed_refund o
  left join darkroom.charge h on h.job_id = o.job_id and h.state = 'returned' and h.refunded = 0
 where h.job_id is null or o.credits not between 1 and h.credits or o.user_id <> h.user_id;
select 'job and charge differ' as broken, q.id || ' ' || q.status || ' ' || h.state
  from job_queue q join darkroom.charge h on h.job_id = q.id
 where (q.status in ('pending', 'processing')) <> (h.state = 'open')
   and not (q.status = 'completed' and h.state = 'returned' and exists (
     select 1 from darkroom.batch_item i where i.job_id = q.id and i.decision in ('rejected', 'reverted')));
-- what a user paid covers what was refunded, what is delivered and what is open
select 'more used than paid' as broken, a.user_id || ' ' || darkroom.available_credits(a.user_id)
  from darkroom.account a join "User" u on u.id = a.user_id
 where darkroom.available_credits(a.user_id) < 0;
select 'account and charges differ' as broken, a.user_id || ' ' || a.used || ' ' || coalesce(c.used, 0)
  from darkroom.account a left join (
    select user_id, sum(credits) as used from darkroom.charge
     where state in ('open', 'delivered') and source in ('application', 'worker') group by 1) c
    on c.user_id = a.user_id
 where a.used <> coalesce(c.used, 0);
-- no balance is negative
select 'balance below zero' as broken, "userId" from "CreditTransaction" group by 2
having sum(amount) < 0;
-- each completed image job has one image; other jobs have none
select 'completed without an image' as broken, q.id::text from job_queue q
 where q.status = 'completed' and q.job_type = 'generate-image'
   and q.darkroom_leased_by is distinct from 'legacy'
   and not exists (select 1 from "GeneratedImage" g where g.id = q.id::text);
select 'image of a job that is not completed' as broken, g.id from "GeneratedImage" g
 where exists (select 1 from job_queue q where q.id::text = g.id and q.status <> 'completed');
-- no two images share a file
select 'two images at one address' as broken, url from "GeneratedImage" group by 2
having count(*) > 1;
-- the project's status follows from its slots
select 'status and slots differ' as broken, p.id from "Project" p join (
  select project_id, case when bool_or(state = 'open') then 'PROCESSING'
                          when bool_or(state = 'done') then 'COMPLETED' else 'FAILED' end as want
    from darkroom.slot group by 1) s on s.project_id = p.id
 where p.status::text <> s.want;
-- a pack is open exactly while one of its parts is
select 'pack and parts differ' as broken, q.id || ' ' || q.status from darkroom.pack p
  join job_queue q on q.id = p.job_id
 where (q.status = 'processing') <> (p.ended_at is null)
    or q.status = 'processing' and (q.darkroom_leased_by <> 'children'
                                    or q.darkroom_lease_until <> 'infinity')
    or q.status = 'completed' and q.darkroom_leased_by = 'children' and exists (select 1 from darkroom.child_job c join job_queue j on j.id = c.job_id
                                              where c.parent_id = q.id and j.status <> 'completed');
-- failed jobs have an error message and a time
select 'failed without a reason' as broken, id::text from job_queue
 where status = 'failed' and (error_message is null or completed_at is null);
-- a finished batch item has a completed job; sellers do not see candidates that are not accepted
select 'finished item without a completed job' as broken, i.job_id::text from darkroom.batch_item i
 where i.state = 'done' and not exists (
   select 1 from job_queue q where q.id = i.job_id and q.status = 'completed');
select 'item and job differ' as broken, q.id::text from darkroom.batch_item i
  join job_queue q on q.id = i.job_id
 where (i.state = 'queued') <> (q.status in ('pending', 'processing'));
select 'candidate visible to the seller' as broken, g.id from "GeneratedImage" g
  join darkroom.batch_item i on i.job_id::text = g.id and i.decision is distinct from 'accepted';
select 'two variants of one image accepted' as broken, i.batch_id || '/' || i.item
  from darkroom.batch_item i where i.decision = 'accepted' group by i.batch_id, i.item
having count(*) > 1;
select 'budget and calls differ' as broken, p.batch_id from darkroom.budget p
  left join (select batch_id, sum(max_cost_microusd) filter (where finished_at is null) as open,
                    sum(coalesce(cost_microusd, case when coalesce(http_status, 0) = 0
                      or http_status between 200 and 299 then max_cost_microusd end, 0))
                      filter (where finished_at is not null) as spent
               from darkroom.model_call where batch_id is not null group by 1) a using (batch_id)
 where p.reserved_microusd <> coalesce(a.open, 0) or p.spent_microusd <> coalesce(a.spent, 0);
