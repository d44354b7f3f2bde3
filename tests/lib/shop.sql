-- shop.sql - :packs sellers, each with a project, a photo, paid credits and one pack with A+, just as
-- the host application inserts them.
insert into "User" (id, email, "updatedAt")
  select 'u' || n, 'u' || n || '@example.com', now() from generate_series(1, :packs) n;
insert into "Project" (id, "userId", name, "productName", description, "productCategory", "updatedAt")
  select 'p' || n, 'u' || n, 'Bottle ' || n, 'Steel Bottle ' || n,
         'A bottle for every day, 24 x 7 cm. Double walls of steel keep drinks cold.', 'Drinkware', now()
    from generate_series(1, :packs) n;
insert into "ProjectImage" (id, "projectId", url, width, height, size)
  select 'i' || n, 'p' || n, :'base' || '/storage/v1/object/public/product-images/photo.jpg', 1200,
         1200, 90000 from generate_series(1, :packs) n;
insert into "CreditTransaction" (id, "userId", amount, type)
  select 'bought' || n, 'u' || n, 100, 'PURCHASE' from generate_series(1, :packs) n;
insert into "CreditTransaction" (id, "userId", amount, type, description)
  select 'used' || n, 'u' || n, -63, 'USAGE', 'Complete pack with A+'
    from generate_series(1, :packs) n;
insert into job_queue (job_type, payload, user_id)
  select 'generate-complete-pack',
         jsonb_build_object('projectId', 'p' || n, 'includeAPlus', true), 'u' || n
    from generate_series(1, :packs) n;
