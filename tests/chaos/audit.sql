-- audit.sql - the part of the auditor that reads the database. Each query returns the rows that break
-- a promise, as "finding|id": the output must be empty. Nothing here calls a function of darkroom.
--
-- Jobs, projects and users that the test deleted, and jobs whose payload it changed, have no fixed
-- outcome; they must have ended, and no other row may be affected.
create temp view whole as
  select q.*, chaos.kind_of(q.job_type, q.payload) as kind from public.job_queue q
   where q.id::text not in (select id from chaos.tampered);
-- A pack that queued its jobs: these are refunded, and it ends when they have ended.
create temp view queued_pack as
  select parent_id as id, bool_and(q.status = 'completed') as complete
    from darkroom.child_job c join public.job_queue q on q.id = c.job_id
    join whole p on p.id = c.parent_id and p.job_type = 'generate-complete-pack'
   group by 1;
-- For the application a pack is complete when its jobs are queued: so --undo ends the open ones.
create temp view ended_by_undo as
  select t.id from chaos.transition t where t.program = 'darkroom migrate' and t.new = 'completed';
create temp view refund as
  select c.*, coalesce(c.metadata->>'jobId', split_part(c.id, ':', 2)) as job
    from public."CreditTransaction" c where c.type = 'REFUND';

select 'job lost', id from chaos.job j
 where not exists (select 1 from public.job_queue q where q.id = j.id)
   and j.id::text not in (select id from chaos.deleted);
select 'job stuck in ' || coalesce(status, 'null'), id from public.job_queue
 where status is null or status not in ('completed', 'failed');
select 'settled ' || count(*) || ' times', id from chaos.transition
 where new in ('completed', 'failed') group by id having count(*) > 1;
select 'left the state ' || old, id from chaos.transition where old in ('completed', 'failed');
select 'completed without an image', id from whole q
 where q.status = 'completed' and q.job_type = 'generate-image'
   and q.payload->>'projectId' not in (select id from chaos.deleted)
   and not exists (select 1 from public."GeneratedImage" g where g.id = q.id::text);
select 'image of a job that is not completed', g.id from public."GeneratedImage" g
  left join public.job_queue q on q.id::text = g.id
 where q.status is distinct from 'completed' and g.id not in (select id from chaos.deleted);
select 'completed without A+ content', id from whole q
 where q.status = 'completed' and q.job_type = 'generate-aplus'
   and q.payload->>'projectId' not in (select id from chaos.deleted)
   and not exists (select 1 from public."APlusContent" a where a."projectId" = q.payload->>'projectId');
select 'image in the project of another user', g.id from public."GeneratedImage" g
  join chaos.job j on j.id::text = g.id join public."Project" p on p.id = g."projectId"
 where p."userId" <> j.user_id;
select 'delivered and refunded', r.job from refund r
 where exists (select 1 from public."GeneratedImage" g where g.id = r.job);
select 'failed and not refunded', q.id from whole q
 where q.status = 'failed' and q.id not in (select id from queued_pack) and not exists (select 1 from refund r where r.job = q.id::text);
select 'pack ended as ' || q.status, q.id from whole q join queued_pack p using (id)
 where q.status <> case when p.complete then 'completed' else 'failed' end
   and q.id not in (select id from ended_by_undo)
   and (select count(*) from darkroom.child_job c where c.parent_id = q.id)
     = (select count(*) from darkroom.child_job c join public.job_queue j on j.id = c.job_id where c.parent_id = q.id);
select 'pack ended before its images', q.id from whole q join queued_pack p using (id)
  join chaos.transition e on e.id = q.id and e.new in ('completed', 'failed')
 where e.id not in (select id from ended_by_undo)
   and exists (select 1 from darkroom.child_job c join chaos.transition t on t.id = c.job_id
                where c.parent_id = q.id and t.new in ('completed', 'failed') and t.n > e.n);
select 'refunded ' || count(*) || ' times', job from refund group by job having count(*) > 1;
select 'refund of a job that has not failed', r.id from refund r
 where not exists (select 1 from public.job_queue q where q.id::text = r.job and q.status = 'failed')
   and r.job not in (select id from chaos.deleted);
select 'refund of ' || r.amount || ' for ' || q.kind, q.id from whole q
  join refund r on r.job = q.id::text join chaos.price p on p.kind = q.kind
 where r.amount <> p.credits;
select 'refunds exceed the charges', c."userId" from public."CreditTransaction" c
 where c.type in ('USAGE', 'REFUND') group by 2 having sum(c.amount) > 0;
select 'credits from elsewhere', c.id from public."CreditTransaction" c
 where c.type not in ('PURCHASE', 'USAGE', 'REFUND')
    or (c.type <> 'REFUND' and c.id !~ '^(bought|used)[0-9]+$'
        and c.metadata->>'by' is distinct from 'darkroom');
select 'ledger row changed: ' || op, old->>'id' from chaos.ledger_change
 where user_id not in (select id from chaos.deleted);
select 'balance was ' || balance, user_id from chaos.below_zero;
select 'project still PROCESSING', id from public."Project" where status = 'PROCESSING';
with last as (
  select distinct on (payload->>'projectId', kind) payload->>'projectId' as project, status
    from whole where id not in (select id from queued_pack)
   order by payload->>'projectId', kind, created_at desc
), want as (
  select project, case when bool_or(status = 'completed') then 'COMPLETED' else 'FAILED' end as status
    from last group by project)
select 'project is ' || p.status || ' instead of ' || w.status, p.id
  from public."Project" p join want w on w.project = p.id
 where p.status::text <> w.status
   and not exists (select 1 from chaos.job j join chaos.deleted d on d.id = j.id::text
                    where j.user_id = p."userId")
   and not exists (select 1 from public.job_queue q join chaos.tampered t on t.id = q.id::text
                    where q.user_id = p."userId");
select 'failed without a reason', id from public.job_queue
 where status = 'failed' and (coalesce(error_message, '') = '' or completed_at is null);
select 'a reason that no seller understands: ' || left(error_message, 80), id from public.job_queue
 where error_message ~* '(http|sql|json|database|connection|server closed|constraint|column|null|lease|worker)';
select 'answer received twice: ' || step, job_id from darkroom.model_call
 where outcome = 'ok' group by job_id, step, step having count(*) > 1;
