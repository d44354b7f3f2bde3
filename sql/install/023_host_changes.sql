-- 023_host_changes.sql - plain statements of other programs that would leave charges behind: they empty
-- job_queue, or change the id of a user. See also note_deleted_jobs() and note_job_end().

create or replace function darkroom.note_truncated_jobs() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into darkroom.deleted_job (job_id)
  select c.job_id from darkroom.charge c
   where c.state = 'open' and not exists (select 1 from public.job_queue q where q.id = c.job_id)
  on conflict do nothing;
  return null;
end
$$;
comment on function darkroom.note_truncated_jobs is
  'Notes the unfinished jobs that a TRUNCATE removes, as note_deleted_jobs() does for a DELETE.';
create or replace trigger darkroom_note_truncated after truncate on public.job_queue
  for each statement execute function darkroom.note_truncated_jobs();

create or replace function darkroom.rename_user(former text, new_id text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  -- Of a deleted user with the new id an account may be left.
  insert into darkroom.account as a (user_id, opening, used)
  select new_id, o.opening, o.used from darkroom.account o where o.user_id = former
  on conflict (user_id) do update
    set opening = a.opening + excluded.opening, used = a.used + excluded.used;
  delete from darkroom.account a where a.user_id = former;
  update darkroom.charge c set user_id = new_id where c.user_id = former;
  update darkroom.claimed_job c set user_id = new_id where c.user_id = former;
  update darkroom.owed_refund o set user_id = new_id where o.user_id = former;
  update darkroom.stored_object o set user_id = new_id where o.user_id = former;
  update darkroom.batch_item i set user_id = new_id where i.user_id = former;
  update darkroom.claim_pause p set name = new_id where p.kind = 'user' and p.name = former
     and not exists (select 1 from darkroom.claim_pause x where x.kind = 'user' and x.name = new_id);
end
$$;
comment on function darkroom.rename_user is
  'Gives a user''s account, charges and records another user id.';

create or replace function darkroom.follow_user() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.id <> old.id then
    perform darkroom.rename_user(old.id, new.id);
  end if;
  return null;
end
$$;
comment on function darkroom.follow_user is
  'Follows a change of "User".id, which the application''s foreign keys pass on to all of its tables.';

-- Without a column list or condition, which would keep the application from changing the column's type.
-- Only if it is missing, because it locks "User". Another role may own that table.
do $trigger$
begin
  if not exists (select 1 from pg_trigger t where t.tgrelid = 'public."User"'::regclass
                    and t.tgname = 'darkroom_follow_user')
    and has_table_privilege('public."User"', 'trigger') then
    create trigger darkroom_follow_user after update on public."User"
      for each row execute function darkroom.follow_user();
  end if;
end
$trigger$;
