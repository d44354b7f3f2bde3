-- 007_accept.sql - review decisions: accept a candidate, reject it, or restore the replaced image or the
-- rejected candidate.
-- One transaction per image. A repeated call changes nothing.

alter table darkroom.batch_item add column if not exists keeps_file boolean not null default false;
comment on column darkroom.batch_item.keeps_file is
  'Whether the file of a rejected candidate was kept. Programs before the trash removed it at once.';

create or replace function darkroom.slot_of_item(i darkroom.batch_item) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select darkroom.slot_of('generate-image',
    jsonb_build_object('imageType', i.type) || coalesce(i.module_request, '{}'))
$$;
comment on function darkroom.slot_of_item is
  'Returns the slot that an item fills, as in darkroom.slot.';

create or replace function darkroom.batch_accept(batch text, item int, variant int, by text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  i darkroom.batch_item;
  old public."GeneratedImage";
  was text;
  place text;
begin
  select * into i from darkroom.batch_item x
   where x.batch_id = batch and x.item = batch_accept.item and x.variant = batch_accept.variant;
  if not found then
    return '{"state":"missing"}';
  end if;
  -- Locks the project first, so that variants of one image are decided one after the other.
  perform 1 from public."Project" p where p.id = i.project_id for no key update;
  if not found then
    return '{"state":"gone"}';
  end if;
  select * into i from darkroom.batch_item x
   where x.batch_id = batch and x.item = i.item and x.variant = i.variant for no key update;
  if i.decision = 'accepted' then
    return '{"state":"already"}';
  elsif i.state <> 'done' then
    return '{"state":"not done"}';
  elsif i.decision = 'rejected' or (i.decision = 'reverted' and i.credits > 0) then
    return jsonb_build_object('state', i.decision);
  elsif exists (select 1 from darkroom.batch_item x where x.batch_id = batch
                   and x.item = i.item and x.decision = 'accepted') then
    return '{"state":"another variant is accepted"}';
  end if;
  if (select b.options->>'keep' from darkroom.batch b where b.id = batch)
    is distinct from 'add' then
    delete from public."GeneratedImage" g where g.id = i.source_id and g."projectId" = i.project_id
    returning * into old;
  end if;
  insert into public."GeneratedImage" (id, "projectId", type, style, url, width, height, size,
                                       metadata, "createdAt")
  values (i.job_id::text, i.project_id, i.type::public."ImageType", i.style, i.url, i.width,
          i.height, i.size, darkroom.seller_metadata(i.metadata), timezone('utc', now()))
  on conflict (id) do nothing;
  insert into darkroom.image_detail (image_id, detail)
  values (i.job_id::text, coalesce(i.metadata, '{}')) on conflict (image_id) do nothing;
  place := darkroom.slot_of_item(i);
  select s.state into was from darkroom.slot s
   where s.project_id = i.project_id and s.slot = place for no key update;
  update darkroom.slot s set state = 'done', updated_at = now()
   where s.project_id = i.project_id and s.slot = place and s.state = 'failed';
  update darkroom.batch_item x
     set decision = 'accepted', decided_at = now(), decided_by = by,
         replaced = case when old.id is not null then to_jsonb(old) end, previous_slot_state = was
   where x.batch_id = batch and x.item = i.item and x.variant = i.variant;
  perform darkroom.update_project_status(i.project_id);
  return jsonb_build_object('state', 'accepted', 'replaced', old.id is not null, 'url', i.url,
    'undecided', (select count(*) from darkroom.batch_item x where x.batch_id = batch
                     and x.item = i.item and x.state = 'done' and x.decision is null));
end
$$;
comment on function darkroom.batch_accept is
  'Accepts a candidate: inserts its row, keeps the replaced row for a revert, and updates the '
  'project.';

create or replace function darkroom.batch_reject(batch text, item int, variant int, by text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  i darkroom.batch_item;
begin
  select * into i from darkroom.batch_item x
   where x.batch_id = batch and x.item = batch_reject.item and x.variant = batch_reject.variant;
  if not found then
    return '{"state":"missing"}';
  end if;
  perform darkroom.lock_account(i.user_id); -- before the item, as in batch_revert
  select * into i from darkroom.batch_item x
   where x.batch_id = batch and x.item = i.item and x.variant = i.variant for no key update;
  if i.state is distinct from 'done' then
    return '{"state":"not done"}';
  elsif i.decision = 'accepted' then
    return '{"state":"accepted"}';
  end if;
  update darkroom.batch_item x
     set decision = 'rejected', decided_at = now(), decided_by = by, keeps_file = true
   where x.batch_id = batch and x.item = i.item and x.variant = i.variant
     and x.decision is distinct from 'rejected';
  return jsonb_build_object('state', case when i.decision = 'rejected' then 'already'
    else 'rejected' end, 'refunded', darkroom.refund(i.job_id));
end
$$;
comment on function darkroom.batch_reject is
  'Rejects a candidate and refunds the user. Its file and its plate stay for 30 days after the '
  'rejection, see used_objects.';

create or replace function darkroom.why_not_restored(i darkroom.batch_item) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select case
    -- Its price was paid back, is owed, or pays for another job of the user.
    when exists (select 1 from darkroom.charge c where c.job_id = i.job_id and c.state = 'returned'
                    and c.credits > 0) then 'refunded'
    when not i.keeps_file or i.decided_at < now() - interval '30 days'
      then 'no longer in the trash' end
$$;
comment on function darkroom.why_not_restored is
  'Says why a rejected candidate cannot be taken out of the trash. Null if it can.';

create or replace function darkroom.restore_rejected(i darkroom.batch_item) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  why constant text := darkroom.why_not_restored(i);
begin
  if why is not null then
    return jsonb_build_object('state', why);
  end if;
  update darkroom.charge c set state = 'delivered'
   where c.job_id = i.job_id and c.state = 'returned';
  update darkroom.batch_item x set decision = null, decided_at = null, decided_by = null
   where x.batch_id = i.batch_id and x.item = i.item and x.variant = i.variant;
  return '{"state":"reverted","restored":true,"refunded":0}';
end
$$;
comment on function darkroom.restore_rejected is
  'Takes a rejected candidate out of the trash, so that it can be decided on again, unless its user '
  'was charged: the refund is final.';

create or replace function darkroom.batch_revert(batch text, item int, variant int, by text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  i darkroom.batch_item;
  place text;
begin
  select * into i from darkroom.batch_item x
   where x.batch_id = batch and x.item = batch_revert.item and x.variant = batch_revert.variant;
  if not found then
    return '{"state":"missing"}';
  end if;
  perform darkroom.lock_account(i.user_id); -- comes before the project
  perform 1 from public."Project" p where p.id = i.project_id for no key update;
  if not found then
    return '{"state":"gone"}';
  end if;
  select * into i from darkroom.batch_item x
   where x.batch_id = batch and x.item = i.item and x.variant = i.variant for no key update;
  if i.decision = 'rejected' then
    return darkroom.restore_rejected(i);
  elsif i.decision is distinct from 'accepted' then
    return jsonb_build_object('state', case when i.decision = 'reverted' then 'already'
                                            else 'not accepted' end);
  end if;
  delete from public."GeneratedImage" g where g.id = i.job_id::text;
  if i.replaced is not null then
    insert into public."GeneratedImage"
    select * from jsonb_populate_record(null::public."GeneratedImage", i.replaced)
    on conflict (id) do nothing;
  end if;
  place := darkroom.slot_of_item(i);
  update darkroom.slot s set state = i.previous_slot_state, updated_at = now()
   where s.project_id = i.project_id and s.slot = place and s.state = 'done'
     and i.previous_slot_state = 'failed';
  update darkroom.batch_item x
     set decision = 'reverted', decided_at = now(), decided_by = by, replaced = null
   where x.batch_id = batch and x.item = i.item and x.variant = i.variant;
  perform darkroom.update_project_status(i.project_id);
  return jsonb_build_object('state', 'reverted', 'restored', i.replaced is not null,
                            'refunded', darkroom.refund(i.job_id));
end
$$;
comment on function darkroom.batch_revert is
  'Restores the replaced image with its id and date, and refunds the user. Takes a rejected candidate '
  'out of the trash.';
