select json_build_object('version', v.version, 'compatibleFrom', v.compatible_from,
         'files', (select coalesce(json_object_agg(f.name, f.sha256), '{}')
                     from darkroom.schema_file f))
  from darkroom.schema_version v
