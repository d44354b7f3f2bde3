-- rows.sql - rows of job_queue with extreme values, for tests: table bad has one row for each column,
-- value, job type and status that the table accepts. The columns are read from the catalog.
create schema rows;
create table rows.bad (like public.job_queue including defaults, what text);
do $$
declare
  c record;
begin
  for c in select attname from pg_attribute where attrelid = 'rows.bad'::regclass and attnum > 0 and attnotnull loop
    execute format('alter table rows.bad alter %I drop not null', c.attname);
  end loop;
end
$$;

create function rows.values_of(type text) returns text[] language sql as $$
  select case type
    when 'smallint' then array['null', '-32768', '32767', '-1']
    when 'integer' then array['null', '-2147483648', '2147483647', '-1']
    when 'bigint' then array['null', '-9223372036854775808', '9223372036854775807', '-1']
    when 'timestamp with time zone' then array['null', '''infinity''', '''-infinity''',
      '''294276-12-31 23:59:59+00''', '''4714-11-24 00:00:00+00 BC''']
    when 'uuid' then array['''00000000-0000-0000-0000-000000000000''', '''ffffffff-ffff-ffff-ffff-ffffffffffff''']
    when 'text' then array['null', '''''', 'repeat(''x'', 3000000)', '''' || E'\x01\x7f\u202e\U0001f600' || '''']
    when 'jsonb' then array['null', '''null''', '''7''', '''"x"''', '''[]''', '''{}''', '''{"projectId":7}''',
      '''{"projectId":{"a":1},"imageType":[]}''', '''{"projectId":"p-bad","imageType":null}''',
      '''{"projectId":"p-bad","imageType":1e400,"includeAPlus":1e-400}''',
      '(repeat(''['', 5000) || repeat('']'', 5000))', '''{"projectId":"\u00e9\ud83d\ude00","imageType":"\u0001"}''',
      'jsonb_build_object(''projectId'', repeat(''p'', 1000000), ''imageType'', repeat(''L'', 1000000))',
      'jsonb_build_object(''projectId'', ''p-bad'', ''imageType'', ''LIFESTYLE'', ''style'', repeat(''x'', 10000000))']
    when 'boolean' then array['null', 'true', 'false']
    else array['null'] end
$$;

-- Fills rows.bad: for these job types and statuses, as the user bad.
create procedure rows.make(job_types text[], statuses text[]) language plpgsql as $$
declare
  c record;
  job text;
  state text;
  expression text;
begin
  for c in select a.attname as name, format_type(a.atttypid, null) as type, a.attname
             from pg_attribute a where a.attrelid = 'public.job_queue'::regclass
              and a.attnum > 0 and not a.attisdropped loop
    foreach expression in array rows.values_of(c.type) loop
      foreach job in array job_types loop
        foreach state in array statuses loop
          declare
            columns text := '';
            fields text := '';
          begin
            continue when length(expression) > 40 and state is distinct from 'pending'; -- huge: once per type
            if c.name <> 'job_type' then columns := columns || ', job_type'; fields := fields || format(', %L', job); end if;
            if c.name <> 'status' then columns := columns || ', status'; fields := fields || format(', %L', state); end if;
            if c.name <> 'user_id' then columns := columns || ', user_id'; fields := fields || ', ''bad'''; end if;
            if c.name <> 'payload' then
              columns := columns || ', payload';
              fields := fields || ', ''{"projectId":"p-bad","imageType":"LIFESTYLE"}''';
            end if;
            -- Only what the table accepts can be in it.
            execute format('insert into public.job_queue (%I%s) values (%s%s)', c.name, columns, expression, fields);
            raise exception 'accepted' using errcode = 'DR001';
          exception
            when sqlstate 'DR001' then
              execute format('insert into rows.bad (%I%s, what) values (%s%s, %L)', c.name, columns, expression,
                             fields, c.name || ' = ' || left(expression, 60));
            when others then null;
          end;
          exit when c.name in ('status', 'id');
        end loop;
        exit when c.name in ('job_type', 'id');
      end loop;
    end loop;
  end loop;
end
$$;

-- Inserts all of them and the jobs of other users in one statement.
create procedure rows.insert_with(others int) language plpgsql as $$
declare
  columns text := (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                    where attrelid = 'public.job_queue'::regclass and attnum > 0 and not attisdropped);
begin
  create table rows.good (like public.job_queue including defaults);
  insert into rows.good (job_type, payload, user_id)
  select 'generate-image', jsonb_build_object('projectId', 'p-good' || n, 'imageType', 'LIFESTYLE'), 'good' || n
    from generate_series(1, others) n;
  execute format('insert into public.job_queue (%1$s) select %1$s from
    (select 1 as o, %1$s from rows.bad union all select random() * 2, %1$s from rows.good) x order by o', columns);
end
$$;
