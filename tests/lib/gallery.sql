-- gallery.sql - :images lifestyle images of projects with ten each, as an older model made them.
insert into "User" (id, email, "updatedAt")
  select 'u' || n, 'u' || n || '@example.com', now() from generate_series(1, :images / 10 + 1) n;
insert into "Project" (id, "userId", name, "productName", description, "productCategory", status,
                       "updatedAt")
  select 'p' || n, 'u' || n, 'Bottle ' || n, 'Steel Bottle ' || n,
         'A bottle for every day, 24 x 7 cm. Double walls of steel keep drinks cold.', 'Drinkware',
         'COMPLETED', now() from generate_series(1, :images / 10 + 1) n;
insert into "ProjectImage" (id, "projectId", url, width, height, size)
  select 'i' || n, 'p' || n, :'base' || '/storage/v1/object/public/product-images/photo.jpg', 1200,
         1200, 90000 from generate_series(1, :images / 10 + 1) n;
insert into "GeneratedImage" (id, "projectId", type, style, url, width, height, size, metadata, "createdAt")
  select 'old-' || n, 'p' || (n - 1) / 10 + 1, 'LIFESTYLE', 'style ' || n % 10,
         :'base' || '/storage/v1/object/public/generated-images/old-' || n || '.png', 1792, 1024,
         1400000, '{"model":"dall-e-3","provider":"openai","costUsd":0.12}',
         timezone('utc', now()) - interval '10 minutes' -- before darkroom was installed
    from generate_series(1, :images) n;
