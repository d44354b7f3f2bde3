select coalesce(json_agg(darkroom.batch_status(b) order by b.created_at desc, b.id), '[]')
  from darkroom.batch b
