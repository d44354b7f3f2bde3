-- Whether schema darkroom is there, and which tables of the application are not.
select json_build_object(
  'installed', to_regclass('darkroom.schema_version') is not null
    and to_regclass('darkroom.schema_file') is not null,
  'earlier', to_regclass('darkroom.migration') is not null,
  'missing', (select string_agg(t, ', ') from unnest(array['job_queue', '"User"', '"Project"',
      '"ProjectImage"', '"BrandKit"', '"GeneratedImage"', '"APlusContent"',
      '"CreditTransaction"']) t where to_regclass('public.' || t) is null))
