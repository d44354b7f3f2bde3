-- Sessions that hold locks which a migration needs, the oldest transaction first. If there is none:
-- sessions with an open snapshot, for which an index build waits. A statement is shown up to its
-- first literal, since literals can be private.
with holder as (
  select l.pid, 1 as rank, bool_or(l.locktype = 'advisory') as migrates
    from pg_locks l
   where l.granted and l.pid is distinct from pg_backend_pid()
     and l.database = (select d.oid from pg_database d where d.datname = current_database())
     and (l.locktype = 'relation' and (l.relation = to_regclass('public.job_queue')
            or l.relation in (select c.oid from pg_class c
                               where c.relnamespace = to_regnamespace('darkroom')))
          or l.locktype = 'advisory' and l.classid = 0 and l.objid = 720726171 and l.objsubid = 1)
   group by l.pid
  union all
  select s.pid, 2, false from pg_stat_activity s
   where s.backend_xmin is not null and s.datname = current_database() and s.pid <> pg_backend_pid()
), blocker as (
  select h.pid, h.rank, h.migrates, a.application_name, a.backend_type, a.usename, a.state, a.query,
         coalesce(a.xact_start, a.state_change) as since, min(h.rank) over () as first_rank
    from holder h left join pg_stat_activity a on a.pid = h.pid
   -- the lock was refused after a quarter of a second, so a younger transaction is not the reason
   where a.xact_start is null or a.xact_start < clock_timestamp() - interval '200 ms'
)
select string_agg(format('session %s (%s, user %s, %s for %s s%s)%s', b.pid,
           coalesce(nullif(b.application_name, ''), b.backend_type, 'unknown program'),
           coalesce(b.usename, 'unknown'), coalesce(b.state, 'running'),
           coalesce(greatest(0, extract(epoch from clock_timestamp() - b.since))::int::text,
             'unknown'),
           case when b.migrates then ', holds the lock for migrations' else '' end,
           ': ' || nullif(rtrim(left(regexp_replace(substring(b.query from
             '^(?:[^''$]|\$[0-9])*'), '\s+', ' ', 'g'), 80)), '')),
         '; ' order by b.since, b.pid)
  from blocker b where b.rank = b.first_rank
