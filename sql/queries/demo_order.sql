-- Does what the host application does when a seller clicks "Generate Complete Pack" with A+
-- content: charges 43 credits for the six images and 20 for the text, then queues one job. With
-- module images ($4) the A+ content is a job of its own, and each image is charged when its module
-- is known. $1: assets/demo/project.json, $2: URL of the photo, $3: its size in bytes.
with p as (select $1::jsonb as p),
seller as (
  insert into "User" (id, email, name, "updatedAt")
  select 'demo-seller', 'seller@example.com', 'Demo seller', timezone('utc', now()) returning id
), kit as (
  insert into "BrandKit" (id, "userId", name, "primaryColor", "secondaryColor", "accentColor",
                          "fontFamily", "isDefault", "updatedAt")
  select 'demo-brand', seller.id, p#>>'{brandKit,name}', p#>>'{brandKit,primaryColor}',
         p#>>'{brandKit,secondaryColor}', p#>>'{brandKit,accentColor}',
         p#>>'{brandKit,fontFamily}', true,
         timezone('utc', now()) from p, seller returning id
), project as (
  insert into "Project" (id, "userId", name, description, "productName", "productCategory",
                         "brandKitId", "updatedAt")
  select 'demo-project', seller.id, coalesce(p->>'name', p->>'productName'), p->>'description',
         p->>'productName', p->>'productCategory', kit.id, timezone('utc', now())
    from p, seller, kit returning id
), photo as (
  insert into "ProjectImage" (id, "projectId", url, width, height, size)
  select 'demo-photo', project.id, $2, 1600, 1600, $3::int from project
), bought as (
  insert into "CreditTransaction" (id, "userId", amount, type, description)
  select 'demo-bought', seller.id, 150, 'PURCHASE', 'Credit pack' from seller
), charged as (
  insert into "CreditTransaction" (id, "userId", amount, type, description)
  select 'demo-charged', seller.id, -63, 'USAGE', 'Complete pack with A+ content' from seller
), job as (
  insert into job_queue (job_type, payload, user_id)
  select 'generate-complete-pack',
         jsonb_build_object('projectId', project.id, 'includeAPlus', not $4::boolean), seller.id
    from project, seller returning id
), modules as (
  insert into job_queue (job_type, payload, user_id)
  select 'generate-aplus', jsonb_build_object('projectId', project.id, 'generateImages', true),
         seller.id
    from project, seller where $4::boolean
)
select job.id::text from job
