-- 002_money.sql - prices and refunds.

create or replace function darkroom.price_of(kind text) returns int
language sql stable set search_path = darkroom, pg_temp as $$
  select coalesce((select p.credits from darkroom.price p where p.kind = price_of.kind), 0)
$$;
comment on function darkroom.price_of is
  'Returns the credits for one of a kind; 0 if it is not sold.';

create or replace function darkroom.slot_of(job_type text, payload jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case
    when jsonb_typeof(payload) is distinct from 'object' then null
    when job_type = 'generate-complete-pack' then 'PACK'
    when job_type = 'generate-aplus' then 'APLUS'
    when job_type <> 'generate-image' then null
    when payload->>'imageType' = 'A_PLUS_MODULE' then 'A_PLUS_MODULE'
      || coalesce(':' || left(payload->>'module', 9) || ':' || left(payload->>'slot', 9), '')
    else left(payload->>'imageType', 40)
  end
$$;
comment on function darkroom.slot_of is
  'Returns the slot that a job fills, as in darkroom.slot; null if its payload is invalid.';

create or replace function darkroom.credits_of(job_type text, payload jsonb) returns int
language sql stable set search_path = darkroom, pg_temp as $$
  select case
    when jsonb_typeof(payload) is distinct from 'object' then 0
    when job_type = 'generate-image' then darkroom.price_of(payload->>'imageType')
    when job_type = 'generate-aplus' then darkroom.price_of(
      case when payload->'isPremium' = 'true'::jsonb then 'APLUS_PREMIUM' else 'APLUS' end)
    when job_type = 'generate-complete-pack' then
      (select sum(p.credits)::int from darkroom.price p where p.kind in ('MAIN_IMAGE',
         'INFOGRAPHIC', 'FEATURE_HIGHLIGHT', 'LIFESTYLE', 'COMPARISON_CHART', 'DIMENSION_DIAGRAM'))
      + case when payload->'includeAPlus' = 'true'::jsonb then darkroom.price_of('APLUS') else 0 end
    else 0 end
$$;
comment on function darkroom.credits_of is
  'Returns the credits that the application charged before it inserted such a job.';

create or replace function darkroom.refund(job uuid) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.charge;
  covered bigint;
  back int;
  done int;
begin
  select * into c from darkroom.charge where job_id = job;
  if not found or c.credits = 0 or c.source = 'free' then
    return 0;
  end if;
  -- A statement of its own: the sum below must see what was committed while this one waited.
  perform 1 from public."User" where id = c.user_id for no key update;
  if not found then
    return 0;
  end if;
  -- Any user may be able to insert jobs, and no row proves that a job was paid for. A refund is
  -- therefore limited to what the user was charged, so that it cannot create credits.
  select coalesce(-sum(amount), 0) into covered from public."CreditTransaction"
   where "userId" = c.user_id and type in ('USAGE', 'REFUND');
  back := least(c.credits, greatest(covered, 0));
  if back <= 0 then
    return 0;
  end if;
  insert into public."CreditTransaction" (id, "userId", amount, type, description, metadata)
  values ('refund:' || job || ':' || c.slot, c.user_id, back, 'REFUND',
          'Refund: ' || lower(replace(split_part(c.slot, ':', 1), '_', ' ')) || ' could not be made',
          jsonb_build_object('jobId', job, 'slot', c.slot, 'by', 'darkroom'))
  on conflict (id) do nothing;
  get diagnostics done = row_count;
  return case when done = 1 then back else 0 end;
end
$$;
comment on function darkroom.refund is
  'Refunds a finally failed job, once. Returns the refunded credits.';
