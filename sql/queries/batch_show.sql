select darkroom.batch_status(b) || jsonb_build_object('options', b.options, 'estimate', b.estimate,
    'byKind', darkroom.batch_counts(b.id, 'type'), 'byModel', darkroom.batch_counts(b.id, 'model'),
    'errors', darkroom.batch_errors(b.id),
    'images', (select coalesce(max(i.item), 0) from darkroom.batch_item i where i.batch_id = b.id))
  from darkroom.batch b where b.id = $1
