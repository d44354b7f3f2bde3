-- Returns the projects that a text may mean, best first: by id, by the beginning of an id, by name.
-- $1: the text. All rows have the same `match`; at most six.
with found as (
  select p.id, p.name, p."productName",
         case when p.id = $1 then 1 when starts_with(p.id, $1) then 2 else 3 end as match
    from public."Project" p
   where p.id = $1 or starts_with(p.id, $1) or lower(p.name) = lower($1)
      or lower(p."productName") = lower($1)
)
select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'product', f."productName")
                         order by f.id), '[]')
  from (select * from found where match = (select min(match) from found) order by id limit 6) f
