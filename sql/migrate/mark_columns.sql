-- A comment marks a column as one of darkroom's. The migration replaces it.
do $mark$
declare
  c name;
begin
  for c in select a.attname from pg_attribute a
            where a.attrelid = 'public.job_queue'::regclass and a.attname like 'darkroom\_%'
              and not a.attisdropped and col_description(a.attrelid, a.attnum) is null loop
    execute format('comment on column public.job_queue.%I is ''Column of darkroom.''', c);
  end loop;
end
$mark$;
