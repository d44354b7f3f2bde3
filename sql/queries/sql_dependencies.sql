-- What an expression of --sql uses besides the views darkroom.images and darkroom.candidates. The expression is the condition of
-- the temporary view $1, which PostgreSQL's own parser has analysed; it has not run. Refused are:
-- relations other than these two; everything that is not built in (a built-in object has no
-- entry in pg_depend); and built-in functions that are not immutable, since such functions can read
-- files, settings and tables, except those behind operators and a few for dates.
with definition as (
  select r.oid, r.ev_action from pg_rewrite r where r.ev_class = to_regclass($1)
), used as (
  select distinct d.refclassid, d.refobjid from pg_depend d, definition r
   where d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
     and d.refobjid not in (to_regclass('darkroom.images'), to_regclass('darkroom.candidates'), to_regclass($1))
), tables as (
  select distinct m[1]::oid as oid -- system tables have no entry in pg_depend
    from definition r, regexp_matches(r.ev_action::text, ':relid (\d+)', 'g') m
   where m[1]::oid not in (0, to_regclass('darkroom.images'), to_regclass('darkroom.candidates'), to_regclass($1))
), called as (
  select distinct m[2]::oid as oid
    from definition r, regexp_matches(r.ev_action::text,
         ':(funcid|opfuncid|aggfnoid|winfnoid|inputfunc|outfunc|tsmhandler) (\d+)', 'g') m
)
select json_build_object('refused', (
  select coalesce(json_agg(x.name order by x.name), '[]') from (
    select pg_describe_object(u.refclassid, u.refobjid, 0) as name from used u
    union
    select pg_describe_object('pg_class'::regclass, t.oid, 0) from tables t
    union
    select 'function ' || p.oid::regprocedure from called c join pg_proc p on p.oid = c.oid
     where p.provolatile <> 'i' and p.proname not in ('now', 'age', 'date_trunc', 'date_part',
             'extract', 'to_char', 'timezone')
       and not (p.provolatile = 's' and exists (
             select 1 from pg_operator o where o.oprcode = p.oid)
           or p.provolatile = 's' and exists (select 1 from pg_cast t where t.castfunc = p.oid))
  ) x))
