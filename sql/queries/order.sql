-- Does what the host application does when a seller clicks "Generate Complete Pack" with A+
-- content: charges 43 credits for the six images and 20 for the text, unless nothing has a price, then
-- queues one job. With
-- module images ($3) the A+ content is a job of its own, and each image is charged when its module
-- is known. $1: the product, as assets/demo/project.json; $2: its photos, [{url, width, height,
-- size}]; $4: the id of the project; $5: its marketplace, or null.
with p as (select $1::jsonb as p, $4::text as id),
seller as (
  insert into "User" (id, email, name, "updatedAt")
  values ('seller', 'seller@example.com', 'Seller', timezone('utc', now()))
      on conflict (id) do update set name = excluded.name returning id
), kit as (
  insert into "BrandKit" (id, "userId", name, "primaryColor", "secondaryColor", "accentColor",
                          "fontFamily", "logoUrl", "isDefault", "updatedAt")
  select p.id || '-brand', seller.id, p#>>'{brandKit,name}', p#>>'{brandKit,primaryColor}',
         p#>>'{brandKit,secondaryColor}', p#>>'{brandKit,accentColor}',
         p#>>'{brandKit,fontFamily}', p#>>'{brandKit,logoUrl}', true, timezone('utc', now())
    from p, seller where p ? 'brandKit' returning id
), project as (
  insert into "Project" (id, "userId", name, description, "productName", "productCategory",
                         "brandKitId", "updatedAt")
  select p.id, seller.id, coalesce(p->>'name', p->>'productName'), p->>'description',
         p->>'productName', p->>'productCategory', (select id from kit), timezone('utc', now())
    from p, seller returning id
), photo as (
  insert into "ProjectImage" (id, "projectId", url, width, height, size, "order")
  select project.id || '-photo-' || i.n, project.id, i.photo->>'url', (i.photo->>'width')::int,
         (i.photo->>'height')::int, (i.photo->>'size')::int, i.n - 1
    from project, jsonb_array_elements($2::jsonb) with ordinality i(photo, n)
), bought as (
  insert into "CreditTransaction" (id, "userId", amount, type, description)
  select p.id || '-bought', seller.id, 150, 'PURCHASE', 'Credit pack' from p, seller
   where exists (select 1 from darkroom.price where credits > 0)
), charged as (
  insert into "CreditTransaction" (id, "userId", amount, type, description)
  select p.id || '-charged', seller.id, -63, 'USAGE', 'Complete pack with A+ content'
    from p, seller where exists (select 1 from darkroom.price where credits > 0)
), job as (
  insert into job_queue (job_type, payload, user_id)
  select 'generate-complete-pack',
         jsonb_strip_nulls(jsonb_build_object('projectId', project.id, 'includeAPlus',
           not $3::boolean, 'marketplace', $5::text)), seller.id
    from project, seller returning id
), modules as (
  insert into job_queue (job_type, payload, user_id)
  select 'generate-aplus', jsonb_strip_nulls(jsonb_build_object('projectId', project.id,
           'generateImages', true, 'marketplace', $5::text)), seller.id
    from project, seller where $3::boolean
)
select job.id::text from job
