-- observe.sql - schema chaos: what the auditor must know beside the final state. Triggers record every
-- job, every change of a status, every deletion, and every change of the ledger.
create schema chaos;
create table chaos.job (id uuid primary key, user_id text, at timestamptz default clock_timestamp());
create table chaos.deleted (id text primary key, at timestamptz default clock_timestamp());
create table chaos.tampered (id text primary key); -- jobs whose payload the test has changed
create table chaos.transition (n bigint generated always as identity, id uuid, old text, new text,
                               at timestamptz default clock_timestamp(),
                               program text default current_setting('application_name'));
create table chaos.ledger_change (n bigint generated always as identity, op text, user_id text,
                                  old jsonb);
create table chaos.below_zero (user_id text, balance bigint);
-- The application's prices, stated here once more: the auditor takes no price from darkroom.
create table chaos.price (kind text primary key, credits int);
insert into chaos.price values ('MAIN_IMAGE', 5), ('INFOGRAPHIC', 10), ('FEATURE_HIGHLIGHT', 5),
  ('LIFESTYLE', 8), ('COMPARISON_CHART', 10), ('DIMENSION_DIAGRAM', 5), ('A_PLUS_MODULE', 3),
  ('APLUS', 20), ('PACK', 43), ('PACK+APLUS', 63);

create function chaos.on_job() returns trigger language plpgsql security definer as $$
begin
  if tg_op = 'INSERT' then
    insert into chaos.job (id, user_id) values (new.id, new.user_id) on conflict do nothing;
  elsif tg_op = 'DELETE' then
    insert into chaos.deleted (id) values (old.id::text) on conflict do nothing;
  elsif new.status is distinct from old.status then
    insert into chaos.transition (id, old, new) values (new.id, old.status, new.status);
  end if;
  return null;
end
$$;
create trigger chaos_job after insert or update or delete on public.job_queue
  for each row execute function chaos.on_job();

create function chaos.on_deletion() returns trigger language plpgsql security definer as $$
begin
  insert into chaos.deleted (id) values (old.id) on conflict do nothing;
  return null;
end
$$;
create trigger chaos_deletion after delete on public."Project"
  for each row execute function chaos.on_deletion();
create trigger chaos_deletion after delete on public."User"
  for each row execute function chaos.on_deletion();

create function chaos.on_ledger() returns trigger language plpgsql security definer as $$
begin
  insert into chaos.ledger_change (op, user_id, old) values (tg_op, old."userId", to_jsonb(old));
  return null;
end
$$;
create trigger chaos_ledger after update or delete on public."CreditTransaction"
  for each row execute function chaos.on_ledger();

create function chaos.on_balance() returns trigger language plpgsql security definer as $$
begin
  insert into chaos.below_zero
  select new."userId", sum(amount) from public."CreditTransaction"
   where "userId" = new."userId" having sum(amount) < 0;
  return null;
end
$$;
create constraint trigger chaos_balance after insert on public."CreditTransaction"
  deferrable initially deferred for each row execute function chaos.on_balance();

create function chaos.kind_of(job_type text, payload jsonb) returns text language sql as $$
  select case when job_type = 'generate-image' then payload->>'imageType'
              when job_type = 'generate-aplus' then 'APLUS'
              when payload->'includeAPlus' = 'true' then 'PACK+APLUS' else 'PACK' end
$$;

-- Adds seller number n as the application does: a product with a unique name, its photo, credits,
-- and a paid pack or a paid single image.
create procedure chaos.add_seller(n int, base text) language plpgsql as $$
declare
  type text := (array['LIFESTYLE', 'INFOGRAPHIC', 'COMPARISON_CHART'])[1 + n % 3];
  job_type text := case when n % 3 = 1 then 'generate-complete-pack' else 'generate-image' end;
  payload jsonb := jsonb_build_object('projectId', 'p' || n);
begin
  insert into "User" (id, email, "updatedAt") values ('u' || n, 'u' || n || '@example.com', now());
  insert into "Project" (id, "userId", name, "productName", description, "productCategory",
                         "updatedAt")
  values ('p' || n, 'u' || n, 'Cup ' || n, 'Cup ' || n,
          'A cup for every day, 10 x 7 cm, of glazed clay.', 'Mugs', now());
  insert into "ProjectImage" (id, "projectId", url, width, height, size)
  values ('i' || n, 'p' || n, base || '/storage/v1/object/public/product-images/photo.jpg', 1200,
          1200, 90000);
  insert into "CreditTransaction" (id, "userId", amount, type)
  values ('bought' || n, 'u' || n, 100, 'PURCHASE');
  payload := payload || case when n % 3 = 1 then jsonb_build_object('includeAPlus', n % 2 = 0)
                             else jsonb_build_object('imageType', type) end;
  insert into "CreditTransaction" (id, "userId", amount, type)
  select 'used' || n, 'u' || n, -credits, 'USAGE' from chaos.price
   where kind = chaos.kind_of(job_type, payload);
  insert into job_queue (job_type, payload, user_id) values (job_type, payload, 'u' || n);
end
$$;
