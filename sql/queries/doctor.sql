select json_build_object('version', current_setting('server_version'), 'user', current_user,
    'replica', pg_is_in_recovery(), 'readOnly', current_setting('transaction_read_only') = 'on',
    'bypassesRls', not coalesce(row_security_active(to_regclass('public.job_queue')::oid), false)
      -- policies of darkroom that let this role read every job
      or exists (select 1 from pg_policy p where p.polrelid = to_regclass('public.job_queue')
           and p.polname in ('darkroom_other_roles', 'darkroom_worker_' || current_user)),
    'rls', (select relrowsecurity from pg_class where oid = to_regclass('public.job_queue')),
    'openTo', (select string_agg(rolname, ' and ' order by rolname) from pg_roles
                where rolname in ('anon', 'authenticated')
                  and to_regclass('public.job_queue') is not null
                  and has_table_privilege(rolname, to_regclass('public.job_queue')::oid, 'INSERT')),
    'cron', to_regclass('cron.job') is not null,
    -- each job looks up rows of its project or user here: without an index it reads the whole table
    'unindexed', (select json_agg(json_build_object('table', k.name, 'column', k.col,
                                                    'mb', pg_relation_size(k.id) / 1000000))
       from (select t.name, t.col, to_regclass(format('public.%I', t.name))::oid as id
               from (values ('ProjectImage', 'projectId'), ('GeneratedImage', 'projectId'),
                            ('CreditTransaction', 'userId')) t(name, col)) k
      where k.id is not null and pg_relation_size(k.id) > 10000000
        and not exists (select 1 from pg_index i join pg_attribute a
                          on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                         where i.indrelid = k.id and a.attname = k.col and i.indisvalid
                           and i.indpred is null)),
    'nowMs', floor(extract(epoch from clock_timestamp()) * 1000))
