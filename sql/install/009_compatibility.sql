-- 009_compatibility.sql - lets workers of the version before finish their jobs after an upgrade.
--
-- Kept for one release; a later file drops it together with the views of 000_upgrade.sql. Each
-- function has the name, arguments and result of the version before and calls its successor. A
-- trigger translates values that those workers write. Does nothing on a database that was never of
-- the version before: only an upgrade creates the view `purse`.
do $compatibility$
declare
  f record;
begin
  if to_regclass('darkroom.purse') is null then
    return;
  end if;

  create or replace function darkroom.translate_old_values() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $f$
  begin
    case tg_table_name
    when 'model_call' then
      new.step := case new.step when 'learn' then 'extract_features' when 'develop' then 'generate'
        when 'write' then 'generate_text' when 'economy' then 'batch_api' else new.step end;
      if new.outcome = 'turned down' then
        new.outcome := 'rejected';
      end if;
    when 'slot' then
      if new.state = 'there' then
        new.state := 'done';
      end if;
    when 'batch_api_chunk' then
      if new.state = 'over' then
        new.state := 'finished';
      end if;
    when 'charge' then
      if new.source = 'nobody' then
        new.source := 'free';
      end if;
    when 'job_queue' then
      if new.job_type = 'economy-batch' then
        new.job_type := 'batch-api';
      end if;
    end case;
    return new;
  end
  $f$;
  create or replace trigger translate_old_values before insert or update on darkroom.model_call
    for each row execute function darkroom.translate_old_values();
  create or replace trigger translate_old_values before insert or update on darkroom.slot
    for each row execute function darkroom.translate_old_values();
  create or replace trigger translate_old_values before insert or update on darkroom.batch_api_chunk
    for each row execute function darkroom.translate_old_values();
  create or replace trigger translate_old_values before insert or update on darkroom.charge
    for each row execute function darkroom.translate_old_values();
  create or replace trigger darkroom_translate_old_values before insert on public.job_queue
    for each row when (new.job_type = 'economy-batch')
    execute function darkroom.translate_old_values();

  create or replace function darkroom.give_back(worker text, leases jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.return_jobs($1, $2)
  $f$;

  create or replace function darkroom.goodbye(worker text)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.deregister($1)
  $f$;

  create or replace function darkroom.left_over(types text[])
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.remaining_jobs(array_replace($1, 'economy-batch', 'batch-api'))
  $f$;

  create or replace function darkroom.claim(worker text, slots int, types text[], lease_ms bigint,
    batch text default null)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select coalesce(jsonb_agg(case j->>'type'
             when 'batch-api' then j || '{"type":"economy-batch"}' else j end), '[]')
      from jsonb_array_elements(darkroom.claim_jobs($1, $2,
             array_replace($3, 'economy-batch', 'batch-api'), $4, $5)) j
  $f$;

  create or replace function darkroom.holds(job uuid, lease bigint, worker text)
  returns text
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case s when 'completed' then 'settled' else s end
      from darkroom.lease_state($1, $2, $3) s
  $f$;

  create or replace function darkroom.attempt_begin(job uuid, lease bigint, worker text, step text,
    round int, provider text, model text, request jsonb, done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.begin_call($1, $2, $3, $4, $5, $6, $7, $8, $9)
  $f$;

  create or replace function darkroom.attempt_end(done jsonb)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.finish_call($1)
  $f$;

  create or replace function darkroom.features_save(job uuid, lease bigint, worker text,
    features jsonb, done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.save_features($1, $2, $3, $4, $5)
  $f$;

  create or replace function darkroom.features_keep(job uuid, features jsonb)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.store_features($1, $2)
  $f$;

  create or replace function darkroom.settle_image(job uuid, lease bigint, worker text, image jsonb,
    done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case when r ? 'committed'
           then (r - 'committed') || '{"settled":true}' else r end
      from darkroom.commit_image($1, $2, $3, $4, $5) r
  $f$;

  create or replace function darkroom.settle_pack(job uuid, lease bigint, worker text,
    with_aplus boolean, done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case when r ? 'committed'
           then (r - 'committed') || '{"settled":true}' else r end
      from darkroom.commit_pack($1, $2, $3, $4, $5) r
  $f$;

  create or replace function darkroom.settle_aplus(job uuid, lease bigint, worker text,
    modules jsonb, premium boolean, wishes jsonb, done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case when r ? 'committed'
           then (r - 'committed') || '{"settled":true}' else r end
      from darkroom.commit_aplus($1, $2, $3, $4, $5, $6, $7) r
  $f$;

  create or replace function darkroom.fail(job uuid, lease bigint, worker text, reason text,
    retry boolean, spend boolean, delay_ms bigint, done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.fail_job($1, $2, $3, $4, $5, $6, $7, $8)
  $f$;

  create or replace function darkroom.cancel(job uuid)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.cancel_job($1)
  $f$;

  create or replace function darkroom.retry(job uuid)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.retry_job($1)
  $f$;

  create or replace function darkroom.complete(job uuid)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.complete_job($1)
  $f$;

  create or replace function darkroom.candidate(job uuid, image jsonb)
  returns boolean
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.store_candidate($1, $2)
  $f$;

  create or replace function darkroom.end_failed(job uuid, reason text)
  returns int
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.fail_permanently($1, $2)
  $f$;

  create or replace function darkroom.taken_up(jobs uuid[])
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.record_first_claim($1)
  $f$;

  create or replace function darkroom.slot_end(job uuid, project text, new_state text)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.finish_slot($1, $2, $3)
  $f$;

  create or replace function darkroom.project_status(project text)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.update_project_status($1)
  $f$;

  create or replace function darkroom.charge_now(job uuid, payer text, slot text, credits int,
    what text default 'Image for an A+ module')
  returns boolean
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.charge_user($1, $2, $3, $4, $5)
  $f$;

  create or replace function darkroom.is_gone(w darkroom.worker)
  returns boolean
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.worker_is_dead($1)
  $f$;

  create or replace function darkroom.purse_open(job uuid, worst bigint)
  returns text
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.reserve_budget($1, $2)
  $f$;

  create or replace function darkroom.purse_closed(job uuid)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.pause_on_budget($1)
  $f$;

  create or replace function darkroom.batch_jobs(batch text)
  returns setof uuid
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_stoppable_jobs($1)
  $f$;

  create or replace function darkroom.batch_told(b darkroom.batch)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_status($1)
  $f$;

  create or replace function darkroom.close_doors()
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.restrict_access()
  $f$;

  create or replace function darkroom.choose(filter jsonpath, vars jsonb, ids text[])
  returns table (id text, project_id text, user_id text, type text, style text, wish jsonb,
    url text, width int, height int, metadata jsonb, newest boolean, facts jsonb)
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select * from darkroom.select_images($1, $2, $3)
  $f$;

  create or replace function darkroom.economy_chunks(batch text, items uuid[])
  returns int
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_make_chunks($1, $2)
  $f$;

  create or replace function darkroom.economy_items(chunk uuid)
  returns setof uuid
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_open_items($1)
  $f$;

  create or replace function darkroom.economy_held(job uuid, lease bigint, worker text)
  returns darkroom.batch_api_chunk
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_leased_chunk($1, $2, $3)
  $f$;

  create or replace function darkroom.economy_progress(job uuid)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_reset_retries($1)
  $f$;

  create or replace function darkroom.economy_load(job uuid, lease bigint, worker text)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select r || jsonb_strip_nulls(jsonb_build_object('word', r->'status',
           'state', case r->>'state' when 'finished' then 'over' else r->>'state' end))
      from darkroom.batch_api_load($1, $2, $3) r
  $f$;

  create or replace function darkroom.economy_brief(job uuid, lease bigint, worker text, item uuid)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case when r ? 'ended' then '{"over":true}' else r end
      from darkroom.batch_api_brief($1, $2, $3, $4) r
  $f$;

  create or replace function darkroom.economy_attempt(job uuid, lease bigint, worker text,
    item uuid, provider text, model text, request jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case when r ? 'overBudget' then '{"closed":true}' else r end
      from darkroom.batch_api_begin_call($1, $2, $3, $4, $5, $6, $7) r
  $f$;

  create or replace function darkroom.economy_features(job uuid, lease bigint, worker text,
    item uuid, features jsonb, done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_save_features($1, $2, $3, $4, $5, $6)
  $f$;

  create or replace function darkroom.economy_leave(job uuid, lease bigint, worker text,
    items uuid[])
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_move_items($1, $2, $3, $4)
  $f$;

  create or replace function darkroom.economy_unsent(item uuid, why text)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_end_unbilled_call($1, $2)
  $f$;

  create or replace function darkroom.economy_sending(job uuid, lease bigint, worker text,
    model text)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_mark_sending($1, $2, $3, $4)
  $f$;

  create or replace function darkroom.economy_sent(job uuid, lease bigint, worker text,
    remote jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_mark_sent($1, $2, $3,
      $4 || jsonb_build_object('status', $4->'word'))
  $f$;

  create or replace function darkroom.economy_wait(job uuid, lease bigint, worker text, word text,
    delay_ms bigint, why text)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_reschedule($1, $2, $3, $4, $5, $6)
  $f$;

  create or replace function darkroom.economy_over(job uuid, lease bigint, worker text,
    remote jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_mark_finished($1, $2, $3,
      $4 || jsonb_build_object('status', $4->'word'))
  $f$;

  create or replace function darkroom.economy_refused(job uuid, lease bigint, worker text)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_reset_chunk($1, $2, $3)
  $f$;

  create or replace function darkroom.economy_settle(job uuid, lease bigint, worker text, item uuid,
    image jsonb, done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case when r ? 'committed'
           then (r - 'committed') || '{"settled":true}' else r end
      from darkroom.batch_api_commit_item($1, $2, $3, $4, $5, $6) r
  $f$;

  create or replace function darkroom.economy_fail(job uuid, lease bigint, worker text, item uuid,
    reason text, done jsonb)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case when r ? 'committed'
           then (r - 'committed') || '{"settled":true}' else r end
      from darkroom.batch_api_fail_item($1, $2, $3, $4, $5, $6) r
  $f$;

  create or replace function darkroom.economy_end(job uuid, lease bigint, worker text, reason text)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select case when r ? 'committed'
           then (r - 'committed') || '{"settled":true}' else r end
      from darkroom.batch_api_complete_chunk($1, $2, $3, $4) r
  $f$;

  create or replace function darkroom.economy_took(done jsonb)
  returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_set_duration($1)
  $f$;

  create or replace function darkroom.economy_drop(job uuid, reason text)
  returns int
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.batch_api_end_open_items($1, $2)
  $f$;

  create or replace function darkroom.facts(id text, type text, style text, width int, height int,
    size int, metadata jsonb, created timestamp, p public."Project", brand text, state text)
  returns jsonb
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select darkroom.image_facts($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  $f$;

  create or replace function darkroom.pack_children(pack uuid, project text, with_aplus boolean)
  returns table (ord bigint, slot text, id uuid, payload jsonb, job_type text, tries int)
  language sql security definer set search_path = pg_catalog, public, pg_temp as $f$
    select * from darkroom.pack_jobs($1, $2, $3)
  $f$;

  for f in
    select * from (values
      ('give_back', 'return_jobs'),
      ('goodbye', 'deregister'),
      ('left_over', 'remaining_jobs'),
      ('claim', 'claim_jobs'),
      ('holds', 'lease_state'),
      ('attempt_begin', 'begin_call'),
      ('attempt_end', 'finish_call'),
      ('features_save', 'save_features'),
      ('features_keep', 'store_features'),
      ('settle_image', 'commit_image'),
      ('settle_pack', 'commit_pack'),
      ('settle_aplus', 'commit_aplus'),
      ('fail', 'fail_job'),
      ('cancel', 'cancel_job'),
      ('retry', 'retry_job'),
      ('complete', 'complete_job'),
      ('candidate', 'store_candidate'),
      ('end_failed', 'fail_permanently'),
      ('taken_up', 'record_first_claim'),
      ('slot_end', 'finish_slot'),
      ('project_status', 'update_project_status'),
      ('charge_now', 'charge_user'),
      ('is_gone', 'worker_is_dead'),
      ('purse_open', 'reserve_budget'),
      ('purse_closed', 'pause_on_budget'),
      ('batch_jobs', 'batch_stoppable_jobs'),
      ('batch_told', 'batch_status'),
      ('close_doors', 'restrict_access'),
      ('choose', 'select_images'),
      ('economy_chunks', 'batch_api_make_chunks'),
      ('economy_items', 'batch_api_open_items'),
      ('economy_held', 'batch_api_leased_chunk'),
      ('economy_progress', 'batch_api_reset_retries'),
      ('economy_load', 'batch_api_load'),
      ('economy_brief', 'batch_api_brief'),
      ('economy_attempt', 'batch_api_begin_call'),
      ('economy_features', 'batch_api_save_features'),
      ('economy_leave', 'batch_api_move_items'),
      ('economy_unsent', 'batch_api_end_unbilled_call'),
      ('economy_sending', 'batch_api_mark_sending'),
      ('economy_sent', 'batch_api_mark_sent'),
      ('economy_wait', 'batch_api_reschedule'),
      ('economy_over', 'batch_api_mark_finished'),
      ('economy_refused', 'batch_api_reset_chunk'),
      ('economy_settle', 'batch_api_commit_item'),
      ('economy_fail', 'batch_api_fail_item'),
      ('economy_end', 'batch_api_complete_chunk'),
      ('economy_took', 'batch_api_set_duration'),
      ('economy_drop', 'batch_api_end_open_items'),
      ('facts', 'image_facts'),
      ('pack_children', 'pack_jobs')
    ) x(old, new)
  loop
    execute format('comment on function darkroom.%I is %L', f.old,
      'Old name of ' || f.new || '(). Kept for one release.');
  end loop;
  comment on function darkroom.translate_old_values() is
    'Translates values that workers of the version before write. Kept for one release.';
  perform darkroom.restrict_access();
end
$compatibility$;
