-- Everything that would make a migration fail or damage the application, found before any change.
-- $1: columns that a migration adds to job_queue; null: darkroom is removed, which needs no table
-- of the application but job_queue.
with me as (
  -- a migration acts as the owner of schema darkroom
  select r.oid, r.rolname from pg_roles r
   where r.oid = coalesce((select n.nspowner from pg_namespace n where n.nspname = 'darkroom'
                              and pg_has_role(current_user, n.nspowner, 'member')),
                          current_user::regrole)
), expected(relation, name, types) as (values
  ('job_queue', 'id', 'uuid'), ('job_queue', 'job_type', 'text'), ('job_queue', 'payload', 'jsonb'),
  ('job_queue', 'status', 'text'), ('job_queue', 'retry_count', 'integer'),
  ('job_queue', 'max_retries', 'integer'), ('job_queue', 'error_message', 'text'),
  ('job_queue', 'created_at', 'timestamp with time zone'),
  ('job_queue', 'processed_at', 'timestamp with time zone'),
  ('job_queue', 'completed_at', 'timestamp with time zone'), ('job_queue', 'user_id', 'text'),
  ('User', 'id', 'text'), ('User', 'email', 'text'), ('User', 'name', 'text'),
  ('Project', 'id', 'text'), ('Project', 'userId', 'text'), ('Project', 'name', 'text'),
  ('Project', 'description', 'text'), ('Project', 'productName', 'text'),
  ('Project', 'productCategory', 'text'), ('Project', 'status', '"ProjectStatus"'),
  ('Project', 'mainImage', 'text'), ('Project', 'brandKitId', 'text'),
  ('Project', 'updatedAt', 'timestamp'),
  ('ProjectImage', 'id', 'text'), ('ProjectImage', 'projectId', 'text'),
  ('ProjectImage', 'url', 'text'), ('ProjectImage', 'width', 'integer'),
  ('ProjectImage', 'height', 'integer'), ('ProjectImage', 'size', 'integer'),
  ('ProjectImage', 'order', 'integer'),
  ('BrandKit', 'id', 'text'), ('BrandKit', 'userId', 'text'), ('BrandKit', 'name', 'text'),
  ('BrandKit', 'primaryColor', 'text'), ('BrandKit', 'secondaryColor', 'text'),
  ('BrandKit', 'accentColor', 'text'), ('BrandKit', 'fontFamily', 'text'),
  ('GeneratedImage', 'id', 'text'), ('GeneratedImage', 'projectId', 'text'),
  ('GeneratedImage', 'type', '"ImageType"'), ('GeneratedImage', 'style', 'text'),
  ('GeneratedImage', 'url', 'text'), ('GeneratedImage', 'width', 'integer'),
  ('GeneratedImage', 'height', 'integer'), ('GeneratedImage', 'size', 'integer'),
  ('GeneratedImage', 'metadata', 'jsonb'), ('GeneratedImage', 'createdAt', 'timestamp'),
  ('APlusContent', 'id', 'text'), ('APlusContent', 'projectId', 'text'),
  ('APlusContent', 'modules', 'jsonb'), ('APlusContent', 'isPremium', 'boolean'),
  ('APlusContent', 'updatedAt', 'timestamp'),
  ('CreditTransaction', 'id', 'text'), ('CreditTransaction', 'userId', 'text'),
  ('CreditTransaction', 'amount', 'integer'), ('CreditTransaction', 'type', '"CreditType"'),
  ('CreditTransaction', 'description', 'text'), ('CreditTransaction', 'metadata', 'jsonb'),
  ('CreditTransaction', 'createdAt', 'timestamp')
), present as (
  select e.relation, e.name, e.types, c.oid as table_oid, a.attname,
         regexp_replace(format_type(a.atttypid, null), '^public\.', '') as found
    from expected e
    left join pg_class c on c.oid = to_regclass(format('public.%I', e.relation))
    left join pg_attribute a on a.attrelid = c.oid and a.attname = e.name and a.attnum > 0
      and not a.attisdropped
), problem(rank, text, hint) as (
  select 1, 'the database is a read-only replica', 'Connect to the primary server.'
   where pg_is_in_recovery()
  union all
  select 2, format('PostgreSQL %s is too old: version 14 or later is needed',
           current_setting('server_version')), 'Upgrade the server.'
   where current_setting('server_version_num')::int < 140000
  union all
  select 3, 'this database has no table job_queue',
         'Connect to the database of the application whose jobs darkroom runs.'
   where to_regclass('public.job_queue') is null
  union all
  select 4, 'job_queue is not an ordinary table',
         'Views and partitioned tables are not supported.'
    from pg_class c where c.oid = to_regclass('public.job_queue') and c.relkind <> 'r'
  union all
  select 5, format('role ''%s'' does not own job_queue: it belongs to ''%s''', me.rolname,
           r.rolname),
         format('Connect as ''%s'', or as a role that is a member of it.', r.rolname)
    from me, pg_class c join pg_roles r on r.oid = c.relowner
   where c.oid = to_regclass('public.job_queue') and not pg_has_role(me.oid, c.relowner, 'usage')
  union all
  select 6, format('schema darkroom belongs to another role, ''%s''', r.rolname),
         format('Connect as ''%s''.', r.rolname)
    from me, pg_namespace n join pg_roles r on r.oid = n.nspowner
   where n.nspname = 'darkroom' and not pg_has_role(me.oid, n.nspowner, 'usage')
  union all
  select 6, format('schema darkroom exists and is not that of this program: it has %s',
           (select string_agg(x.name, ', ') from (
              select c.relname as name from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'S')
               order by 1 limit 3) x)),
         'Rename it, and run this again: alter schema darkroom rename to another_name;'
    from pg_namespace n
   where n.nspname = 'darkroom' and to_regclass('darkroom.charge') is null
     and to_regclass('darkroom.schema_version') is null and to_regclass('darkroom.migration') is null
     and to_regclass('darkroom.host_function') is null
     and exists (select 1 from pg_class c where c.relnamespace = n.oid)
     and not exists (select 1 from pg_attribute a where a.attrelid = to_regclass('public.job_queue')
                        and a.attname like 'darkroom\_%' and not a.attisdropped
                        and col_description(a.attrelid, a.attnum) is not null)
  union all
  select 7, format('role ''%s'' may not create a schema in this database', me.rolname),
         format('Run as the owner of the database: grant create on database %I to %I;',
           current_database(), me.rolname)
    from me where to_regnamespace(case when $1::text is null then 'darkroom_history'
      else 'darkroom' end) is null
     and not has_database_privilege(me.oid, current_database(), 'create')
  union all
  select 7, format('role ''%s'' may not create functions in schema public', me.rolname),
         format('Run as the owner of the schema: grant create on schema public to %I;', me.rolname)
    from me where not has_schema_privilege(me.oid, 'public', 'create')
  union all
  select 8, format('function %s belongs to another role, ''%s''', min(p.oid::regprocedure::text),
           r.rolname) || case when count(*) > 1 then format(', like %s more', count(*) - 1)
             else '' end,
         format('Connect as ''%s'', or run as it: reassign the functions with alter function ... '
           'owner to %I;', r.rolname, me.rolname)
    from me, pg_proc p join pg_roles r on r.oid = p.proowner
   where (p.pronamespace = to_regnamespace('darkroom')
          or p.oid in (to_regprocedure('public.get_next_job()'),
                       to_regprocedure('public.mark_job_processing(uuid)'),
                       to_regprocedure('public.mark_job_completed(uuid)'),
                       to_regprocedure('public.mark_job_failed(uuid, text)')))
     and not pg_has_role(me.oid, p.proowner, 'usage')
   group by r.rolname, me.rolname
  union all
  select 8, format('table %s belongs to another role, ''%s''', min(c.oid::regclass::text),
    r.rolname),
         format('Connect as ''%s''.', r.rolname)
    from me, pg_class c join pg_roles r on r.oid = c.relowner
   where c.relnamespace = to_regnamespace('darkroom') and c.relkind in ('r', 'v', 'S')
     and not pg_has_role(me.oid, c.relowner, 'usage')
   group by r.rolname
  union all
  select 9, format('the application''s table "%s" is missing', p.relation),
         'Connect to the application''s database, after the application''s own migrations.'
    from present p where p.table_oid is null and p.relation <> 'job_queue'
   group by p.relation
  union all
  select 10, format('the application''s table "%s" has no column "%s"', p.relation, p.name),
         'This version of darkroom does not fit this version of the application.'
    from present p where p.table_oid is not null and p.attname is null
  union all
  select 10, format('the application''s table "%s" requires a value in column "%s", which darkroom does '
           'not fill', t.name, a.attname),
         'This version of darkroom does not fit this version of the application. Or give the column a '
           'default.'
    from (values ('GeneratedImage'), ('APlusContent'), ('CreditTransaction'), ('job_queue')) t(name)
    join pg_attribute a on a.attrelid = to_regclass(format('public.%I', t.name)) and a.attnum > 0
     and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attidentity = ''
   where a.attname <> 'createdAt' and not exists (
     select 1 from expected e where e.relation = t.name and e.name = a.attname)
  union all
  select 10, format('"%s" of the application is not a table', p.relation),
         'Views and foreign tables are not supported.'
    from present p join pg_class c on c.oid = p.table_oid
   where c.relkind not in ('r', 'p') and p.relation <> 'job_queue'
   group by p.relation
  union all
  select 10, format('row level security hides all rows of the application''s table "%s" from role ''%s''',
           p.relation, me.rolname),
         format('Run as a superuser: alter role %I bypassrls; or give the table a policy for this role.',
           me.rolname)
    from me join pg_roles r on r.oid = me.oid and not (r.rolsuper or r.rolbypassrls), pg_class c
    join (select distinct x.relation, x.table_oid from present x) p on p.table_oid = c.oid
   where p.relation <> 'job_queue' and c.relrowsecurity
     and (c.relforcerowsecurity or not pg_has_role(me.oid, c.relowner, 'usage'))
     and not exists (select 1 from pg_policy l
       where l.polrelid = c.oid and l.polpermissive and l.polcmd in ('*', 'r')
         and (l.polroles = '{0}' or exists (
           select 1 from unnest(l.polroles) x where pg_has_role(me.oid, x, 'usage'))))
  union all
  select 11, format('column "%s" of the application''s table "%s" has the type %s instead of %s',
           p.name, p.relation, p.found, p.types),
         'This version of darkroom does not fit this version of the application.'
    from present p
   where p.found is not null
     and not case p.types
       when 'text' then p.found in ('text', 'character varying', 'character', 'citext')
       when 'timestamp' then p.found like 'timestamp%'
       when 'integer' then p.found in ('integer', 'bigint')
       else p.found = p.types end
  union all
  select 12, format('type "%s" of the application has no value ''%s''', v.type, v.label),
         'This version of darkroom does not fit this version of the application.'
    from (values ('ProjectStatus', 'PROCESSING'), ('ProjectStatus', 'COMPLETED'),
            ('ProjectStatus', 'FAILED'), ('ImageType', 'MAIN_IMAGE'), ('ImageType', 'INFOGRAPHIC'),
            ('ImageType', 'FEATURE_HIGHLIGHT'), ('ImageType', 'LIFESTYLE'),
            ('ImageType', 'COMPARISON_CHART'), ('ImageType', 'DIMENSION_DIAGRAM'),
            ('ImageType', 'A_PLUS_MODULE'), ('CreditType', 'USAGE'), ('CreditType', 'REFUND'),
            ('CreditType', 'BONUS')) v(type, label)
   where to_regtype(format('public.%I', v.type)) is not null
     and not exists (select 1 from pg_enum e
       where e.enumtypid = to_regtype(format('public.%I', v.type)) and e.enumlabel = v.label)
  union all
  select 13, format('job_queue has a column ''%s'' that darkroom did not create', a.attname),
         'darkroom needs this name. Rename the column in the application.'
    from pg_attribute a
   where a.attrelid = to_regclass('public.job_queue') and not a.attisdropped and a.attnum > 0
     and a.attname = any(string_to_array($1::text, ','))
     and col_description(a.attrelid, a.attnum) is null
)
select json_agg(json_build_object('text', text, 'hint', hint) order by rank, text) from problem
 where rank < 9 or $1::text is not null
