select json_build_object(
  'backend', pg_backend_pid(),
  'held', exists (
    select 1 from pg_locks l
     where l.locktype = 'advisory' and l.objsubid = 1 and l.granted and l.pid = $1::int
       and l.database = (select oid from pg_database where datname = current_database())
       and l.classid = ($2::bigint >> 32)::oid and l.objid = ($2::bigint & 4294967295)::oid),
  'sent', pg_notify($3, $4)::text)
