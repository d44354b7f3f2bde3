-- Returns what decisions ($2: [{item, variant, verb}]) on candidates of a batch ($1) would do: one row for
-- each that changes something, and their sums.
with outcome as (
  select t.item, t.variant, t.verb, i.type, i.decision, i.credits, i.project_id, i.user_id,
         p."productName" as product,
         t.verb = 'accept' and b.options->>'keep' is distinct from 'add'
           and exists (select 1 from public."GeneratedImage" g where g.id = i.source_id) as replaces,
         t.verb = 'revert' and i.decision = 'accepted' and i.replaced is not null as restores,
         coalesce(case t.verb
           when 'accept' then p.id is not null and i.state = 'done'
             and (i.decision is null or i.decision = 'reverted' and i.credits = 0)
             and not exists (select 1 from darkroom.batch_item x where x.batch_id = $1
                                and x.item = i.item and x.decision = 'accepted')
           when 'reject' then i.state = 'done' and (i.decision is null or i.decision = 'reverted')
           when 'revert' then p.id is not null and (i.decision = 'accepted'
             or i.decision = 'rejected' and darkroom.why_not_restored(i) is null) end, false)
           as changes
    from jsonb_to_recordset($2::jsonb) t(item int, variant int, verb text)
    join darkroom.batch_item i on i.batch_id = $1 and i.item = t.item and i.variant = t.variant
    join darkroom.batch b on b.id = i.batch_id
    left join public."Project" p on p.id = i.project_id
), changed as (select * from outcome where changes)
select json_build_object(
  'rows', coalesce((select json_agg(json_build_object('item', c.item, 'variant', c.variant,
      'verb', c.verb, 'type', c.type, 'product', c.product, 'decision', c.decision)
      order by c.item, c.variant) from changed c), '[]'),
  'accept', (select count(*) from changed where verb = 'accept'),
  'reject', (select count(*) from changed where verb = 'reject'),
  'revert', (select count(*) from changed where verb = 'revert'),
  'replaces', (select count(*) from changed where replaces),
  'restores', (select count(*) from changed where restores),
  'fromTrash', (select count(*) from changed where verb = 'revert' and decision = 'rejected'),
  'projects', (select count(distinct project_id) from changed),
  'refundedCredits', (select coalesce(sum(credits), 0) from changed
              where verb = 'reject' and decision is null
                 or verb = 'revert' and decision = 'accepted'),
  'unchanged', (select count(*) from outcome where not changes))
