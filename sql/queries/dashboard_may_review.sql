-- Whether this role may decide on candidates.
select to_json(not pg_is_in_recovery() and coalesce((select has_function_privilege(p.oid, 'execute')
  from pg_proc p where p.pronamespace = to_regnamespace('darkroom') and p.proname = 'review_decide'), false))
