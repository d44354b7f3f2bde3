create schema if not exists darkroom;

create table if not exists darkroom.schema_version (
  only_row boolean primary key default true check (only_row),
  version int not null,
  compatible_from int not null,
  changed_at timestamptz not null default now()
);
comment on table darkroom.schema_version is 'Version of this schema. One row.';
comment on column darkroom.schema_version.only_row is 'Always true: there is one row.';
comment on column darkroom.schema_version.version is 'Number of the last file of sql/install.';
comment on column darkroom.schema_version.compatible_from is
  'A program of this schema version or a later one can use the schema.';
comment on column darkroom.schema_version.changed_at is 'Time of the last migration.';

create table if not exists darkroom.schema_file (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
);
comment on table darkroom.schema_file is 'Applied files of sql/install.';
comment on column darkroom.schema_file.name is 'Path of the file.';
comment on column darkroom.schema_file.sha256 is
  'SHA-256 of the applied text. A changed file is applied again.';
comment on column darkroom.schema_file.applied_at is 'When the file was last applied.';

-- Programs before version 10 read this table. Its rows let those that installed them start on a
-- newer schema, and the trigger refuses their migrations, which would replace newer functions by
-- older ones.
create table if not exists darkroom.migration (
  number int primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
);
comment on table darkroom.migration is
  'Files of sql/install that programs before version 10 applied. No longer written.';
comment on column darkroom.migration.number is 'Number of the file, from its name.';
comment on column darkroom.migration.name is 'Path of the file.';
comment on column darkroom.migration.sha256 is 'SHA-256 of the applied text.';
comment on column darkroom.migration.applied_at is 'When the file was last applied.';
create or replace function darkroom.refuse_older_program() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'This database has a newer schema. Migrate it with a newer darkroom.';
end
$$;
comment on function darkroom.refuse_older_program is
  'Refuses migrations by programs before version 10.';
create or replace trigger refuse_older_program before insert or update on darkroom.migration
  for each statement execute function darkroom.refuse_older_program();

-- What `darkroom migrate --undo` restores. Recorded by the first migration, before it changes
-- anything.
create table if not exists darkroom.host_state (
  object text not null,
  property text not null,
  value text,
  primary key (object, property)
);
comment on table darkroom.host_state is
  'Settings of the application''s table and functions before darkroom changed them.';
comment on column darkroom.host_state.object is
  'job_queue, or name and argument types of a function.';
comment on column darkroom.host_state.property is
  'reloptions, row_security, privileges, owner or comment.';
comment on column darkroom.host_state.value is
  'Value at the first migration. Null if it was not set.';
do $record$
begin
  if exists (select 1 from darkroom.host_state) then
    return;
  end if;
  insert into darkroom.host_state (object, property, value)
  -- a version before this one may have set these four parameters already
  select 'job_queue', 'reloptions', (select nullif(array_agg(o), '{}') from unnest(c.reloptions) o
           where to_regclass('darkroom.charge') is null
              or o not in ('fillfactor=70', 'autovacuum_vacuum_scale_factor=0.02',
                           'autovacuum_vacuum_threshold=200',
                             'autovacuum_vacuum_cost_delay=0'))::text
    from pg_class c where c.oid = 'public.job_queue'::regclass
  union all
  select 'job_queue', 'row_security', case when c.relrowsecurity then 'on' else 'off' end
    from pg_class c where c.oid = 'public.job_queue'::regclass
  union all
  select 'job_queue', 'privileges', (select jsonb_agg(jsonb_build_object('role', r.rolname,
             'privilege', a.privilege_type, 'grantable', a.is_grantable))::text
           from aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee)
    from pg_class c where c.oid = 'public.job_queue'::regclass;
  insert into darkroom.host_state (object, property, value)
  select p.oid::regprocedure::text, v.property, v.value
    from pg_proc p, lateral (values
           ('privileges', (select jsonb_agg(jsonb_build_object('role',
             coalesce(r.rolname, 'public'),
                'grantable', a.is_grantable))::text
              from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
              left join pg_roles r on r.oid = a.grantee
             where p.prosrc not like '%darkroom.%' and a.grantee <> p.proowner)),
           ('owner', (select r.rolname::text from pg_roles r
              where r.oid = p.proowner and p.prosrc not like '%darkroom.%')),
           ('comment', case when p.prosrc like '%darkroom.%' then null
                       else obj_description(p.oid, 'pg_proc') end)) v(property, value)
   where p.pronamespace = 'public'::regnamespace
     and p.proname in ('get_next_job', 'mark_job_processing', 'mark_job_completed',
                       'mark_job_failed');
end
$record$;
