select to_json(darkroom.tidy_forget_objects($1::jsonb))
