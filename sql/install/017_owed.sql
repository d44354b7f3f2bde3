-- 017_owed.sql - refunds that a constraint or trigger of the application has rejected.
--
-- refund() ends the charge all the same and leaves a row of darkroom.owed_refund, so that the job
-- ends and is not run again. The heartbeats of all workers try such refunds again: after one
-- second, then with doubling delays of at most a minute. As soon as one is accepted, all are due.

create or replace function darkroom.count_late_refund(job uuid, back bigint) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  part darkroom.child_job;
  before text;
begin
  with recursive repeat(id) as (
    select job union select c.retried_as from repeat r join darkroom.claimed_job c on c.job_id = r.id
                      where c.retried_as is not null)
  select x.* into part from repeat r join darkroom.child_job x on x.job_id = r.id;
  before := case when part.parent_id is not null then darkroom.pack_result(part.parent_id) end;
  update darkroom.charge x set refunded = back where x.job_id = job;
  if part.job_id <> job then -- the part was made again: its charge is another job's
    update darkroom.child_job x set refunded = x.refunded + back
     where x.parent_id = part.parent_id and x.slot = part.slot;
  end if;
  update public.job_queue q set error_message = darkroom.pack_result(part.parent_id)
   where q.id = part.parent_id and q.status = 'failed' and q.error_message = before;
end
$$;
comment on function darkroom.count_late_refund is
  'Records that an owed refund was paid. If the job is a part of a pack that has ended, the message of the '
  'pack for its seller names the sum with this refund.';

create or replace function darkroom.pay_owed_refund(job uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '25ms' as $$
declare
  o darkroom.owed_refund;
  c darkroom.charge;
  tried record;
  back bigint := 0;
begin
  select * into o from darkroom.owed_refund x where x.job_id = job for update;
  select * into c from darkroom.charge x where x.job_id = job;
  if o.job_id is null or not darkroom.try_lock_account(o.user_id) then
    return false;
  end if;
  if c.job_id is not null and exists (select 1 from public."User" u where u.id = o.user_id) then
    -- the user may have used the credits since, for a job that was inserted without a payment
    back := greatest(least(o.credits, darkroom.available_credits(o.user_id)), 0);
  end if;
  if back > 0 then
    tried := darkroom.insert_refund(c, back);
    if tried.rejected is not null then
      update darkroom.owed_refund x
         set tries = o.tries + 1, reason = left(tried.rejected, 300),
             retry_at = now() + least(power(2, least(o.tries, 6)), 60) * interval '1 second'
       where x.job_id = job;
      return false;
    end if;
    perform darkroom.count_late_refund(job, back);
  end if;
  delete from darkroom.owed_refund x where x.job_id = job;
  return true;
exception when lock_not_available then -- another session has locked a row of the application
  update darkroom.owed_refund x set retry_at = now() + interval '1 second' where x.job_id = job;
  return false;
end
$$;
comment on function darkroom.pay_owed_refund is
  'Tries an owed refund again: at most what its user still has available. Returns true if nothing '
  'is owed any more.';

create or replace function darkroom.pay_owed_refunds() returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  r record;
  paid int := 0;
  rejected int := 0;
begin
  for r in
    select o.job_id from darkroom.owed_refund o
     where o.retry_at <= now() order by o.retry_at, o.job_id limit 50 for update skip locked
  loop
    if darkroom.pay_owed_refund(r.job_id) then
      paid := paid + 1;
    else
      rejected := rejected + 1;
    end if;
    exit when rejected >= 3;
  end loop;
  if paid > 0 then -- the rule was probably corrected
    update darkroom.owed_refund o set retry_at = now()
     where o.job_id in (select x.job_id from darkroom.owed_refund x
                         where x.retry_at > now() for update skip locked);
  end if;
  return paid;
end
$$;
comment on function darkroom.pay_owed_refunds is
  'Tries the owed refunds that are due: at most fifty in a call, and until three are rejected. '
  'Returns how many were paid.';
