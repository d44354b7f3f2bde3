-- Returns the picture of a rejected answer, by its call ($1): a JPEG in base64, as a JSON text; null
-- if there is none.
select (select to_json(replace(encode(r.picture, 'base64'), E'\n', ''))
          from darkroom.rejection r where r.call_id = $1::bigint)
