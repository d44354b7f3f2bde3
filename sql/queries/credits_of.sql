select json_build_object('user', u.id, 'email', u.email,
    'balance', (select coalesce(sum(t.amount), 0) from public."CreditTransaction" t
                 where t."userId" = u.id),
    'entries', (select coalesce(json_agg(e), '[]') from (
        select t.id, t.amount, t.type::text as type, t.description, t.metadata->>'jobId' as job,
               to_char(t."createdAt", 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created,
               sum(t.amount) over (order by t."createdAt", t.id) as balance
          from public."CreditTransaction" t where t."userId" = u.id
         order by t."createdAt" desc, t.id desc limit $2::int) e))
  from public."User" u
 where u.id = coalesce(darkroom.user_named($1),
   (select p."userId" from public."Project" p where p.id = $1))
