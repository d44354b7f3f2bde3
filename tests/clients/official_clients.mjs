// official_clients.mjs BASE - the stand-in as the official clients see it: openai, supabase-js and
// storage-js, from node_modules in the working directory. Prints the failures and a total.
import { createRequire } from 'node:module';
import { Buffer } from 'node:buffer';
import assert from 'node:assert/strict';

const require = createRequire(`${process.cwd()}/`);
const OpenAI = require('openai');
const { createClient } = require('@supabase/supabase-js');
const base = process.argv[2];
const { toFile } = OpenAI;
// Node.js before 22 has no WebSocket, which supabase-js looks for; nothing here connects by one.
const options = { auth: { persistSession: false }, realtime: { transport: class {} } };
let checks = 0;

async function check(name, run) {
  try {
    await run();
    checks++;
  } catch (error) {
    console.error(`FAILED: ${name}: ${error.stack}`);
    process.exitCode = 1;
  }
}

// -- openai

const openai = new OpenAI({ apiKey: 'sk-canary-4f1f0c2e9b', baseURL: `${base}/v1`, maxRetries: 0 });
const isPng = (bytes) => bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
let photo;

await check('an image', async () => {
  const { data, usage } = await openai.images.generate({
    model: 'gpt-image-2.5-flare', prompt: 'A cup on a white background', size: '1024x1024',
    quality: 'low', n: 1 });
  photo = Buffer.from(data[0].b64_json, 'base64');
  assert.ok(isPng(photo));
  assert.equal(usage.total_tokens, usage.input_tokens + usage.output_tokens);
});
await check('an edit of two photos, as a form', async () => {
  const files = await Promise.all([1, 2].map((i) => toFile(photo, `${i}.png`, { type: 'image/png' })));
  const { data } = await openai.images.edit({
    model: 'gpt-image-2.5-flare', image: files, prompt: 'A cup', size: '1024x1024', quality: 'low' });
  assert.ok(isPng(Buffer.from(data[0].b64_json, 'base64')));
});
await check('a stream of partial images', async () => {
  const stream = await openai.images.generate({
    model: 'gpt-image-2.5-flare', prompt: 'A cup', size: '1024x1024', quality: 'low', stream: true,
    partial_images: 2 });
  const types = [];
  for await (const event of stream) types.push(event.type);
  assert.deepEqual(types, ['image_generation.partial_image', 'image_generation.partial_image',
    'image_generation.completed']);
});
await check('a response with a schema', async () => {
  const response = await openai.responses.create({
    model: 'gpt-6-luna', input: 'Describe a cup.',
    text: { format: { type: 'json_schema', name: 'cup', strict: true, schema: {
      type: 'object', properties: { name: { type: 'string' } }, required: ['name'],
      additionalProperties: false } } } });
  assert.equal(typeof JSON.parse(response.output_text).name, 'string');
});
await check('a chat completion', async () => {
  const chat = await openai.chat.completions.create({
    model: 'gpt-6-luna', messages: [{ role: 'user', content: 'Describe a cup.' }] });
  assert.ok(chat.choices[0].message.content.length > 0);
});
await check('models', async () => {
  const ids = [];
  for await (const model of openai.models.list()) ids.push(model.id);
  assert.ok(ids.includes('gpt-image-2.5-flare'));
  assert.equal((await openai.models.retrieve('gpt-image-2.5-flare')).id, 'gpt-image-2.5-flare');
});
await check('errors have their classes', async () => {
  await assert.rejects(openai.models.retrieve('gpt-nothing'), OpenAI.NotFoundError);
  await assert.rejects(openai.images.generate({ model: 'gpt-image-2.5-flare', prompt: 'x', size: '1x1' }),
    OpenAI.BadRequestError);
  const stranger = new OpenAI({ apiKey: 'no-key', baseURL: `${base}/v1`, maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
});
await check('a batch', async () => {
  const line = JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/images/generations', body: {
    model: 'gpt-image-2.5-flare', prompt: 'A cup', size: '1024x1024', quality: 'low' } });
  const file = await openai.files.create({ purpose: 'batch', file: await toFile(Buffer.from(`${line}\n`),
    'in.jsonl') });
  let batch = await openai.batches.create({ input_file_id: file.id, completion_window: '24h',
    endpoint: '/v1/images/generations' });
  for (let i = 0; i < 600 && batch.status !== 'completed'; i++) {
    await new Promise((done) => setTimeout(done, 100));
    batch = await openai.batches.retrieve(batch.id);
  }
  assert.equal(batch.status, 'completed');
  const text = await (await openai.files.content(batch.output_file_id)).text();
  assert.equal(JSON.parse(text).custom_id, 'a');
  assert.ok((await openai.files.delete(file.id)).deleted);
});

// -- supabase-js and storage-js, with both kinds of keys

const jwt = ['{"alg":"HS256","typ":"JWT"}', '{"role":"service_role"}', 'signature']
  .map((part) => Buffer.from(part).toString('base64url')).join('.');

async function ok(promise) {
  const { data, error } = await promise;
  assert.equal(error, null, error && `${error.message} (${error.statusCode ?? error.status})`);
  return data;
}

for (const [kind, key] of [['sb_secret', 'sb_secret_canary_991a'], ['jwt', jwt]]) {
  const supabase = createClient(base, key, options);
  const bucket = `clients-${kind.replace('_', '-')}`;
  const files = supabase.storage.from(bucket);
  const named = (name, run) => check(`${kind}: ${name}`, run);

  await named('a bucket with limits as text', async () => {
    await ok(supabase.storage.createBucket(bucket, { public: false, fileSizeLimit: '2MB',
      allowedMimeTypes: ['image/png', 'text/plain'] }));
    const made = await ok(supabase.storage.getBucket(bucket));
    assert.equal(made.file_size_limit, 2000000);
    assert.deepEqual(made.allowed_mime_types, ['image/png', 'text/plain']);
    assert.ok((await ok(supabase.storage.listBuckets())).some(({ name }) => name === bucket));
    await ok(supabase.storage.updateBucket(bucket, { public: true, fileSizeLimit: '1MB' }));
    assert.equal((await ok(supabase.storage.getBucket(bucket))).file_size_limit, 1000000);
    assert.equal((await ok(supabase.storage.getBucket(bucket))).public, true);
    await ok(supabase.storage.updateBucket(bucket, { public: false }));
  });
  await named('uploads of bytes, of a Blob and of a File', async () => {
    const sent = await ok(files.upload('u/p/bytes.png', photo.subarray(0, 5000), {
      contentType: 'image/png', cacheControl: '3600', metadata: { job: 'j1' } }));
    assert.equal(sent.path, 'u/p/bytes.png');
    assert.equal(sent.fullPath, `${bucket}/u/p/bytes.png`);
    await ok(files.upload('u/p/blob.txt', new Blob(['greeting'], { type: 'text/plain' }), {
      metadata: { job: 'j2' } }));
    await ok(files.upload('u/q/file.txt', new File(['hallo'], 'file.txt', { type: 'text/plain' })));
    assert.equal(await (await ok(files.download('u/p/blob.txt'))).text(), 'greeting');
    assert.deepEqual(Buffer.from(await (await ok(files.download('u/p/bytes.png'))).arrayBuffer()),
      photo.subarray(0, 5000));
  });
  await named('an upload that exists, and one that replaces it', async () => {
    const again = await files.upload('u/p/blob.txt', 'x', { contentType: 'text/plain' });
    assert.match(`${again.error.statusCode}`, /409/);
    await ok(files.upload('u/p/blob.txt', 'new', { contentType: 'text/plain', upsert: true }));
    await ok(files.update('u/p/blob.txt', new Blob(['newer'], { type: 'text/plain' })));
    assert.equal(await (await ok(files.download('u/p/blob.txt'))).text(), 'newer');
  });
  await named('types and sizes that the bucket does not allow', async () => {
    const type = await files.upload('u/a.jpg', 'x', { contentType: 'image/jpeg' });
    assert.match(`${type.error.statusCode}`, /415/);
    const size = await files.upload('u/big.png', Buffer.alloc(1000001), { contentType: 'image/png' });
    assert.match(`${size.error.statusCode}`, /413/);
  });
  await named('info and existence', async () => {
    const info = await ok(files.info('u/p/bytes.png'));
    assert.equal(info.size, 5000);
    assert.equal(info.contentType, 'image/png');
    assert.equal(info.cacheControl, 'max-age=3600');
    assert.equal(info.metadata.job, 'j1');
    assert.equal((await files.exists('u/p/bytes.png')).data, true);
    assert.equal((await files.exists('u/p/nothing.png')).data, false);
  });
  await named('lists with folders, order, limit and search', async () => {
    await ok(files.upload('u/p/c.txt', 'c', { contentType: 'text/plain' }));
    const top = await ok(files.list('u'));
    assert.deepEqual(top.map(({ name, id }) => [name, id === null]), [['p', true], ['q', true]]);
    const names = async (options) => (await ok(files.list('u/p', options))).map(({ name }) => name);
    assert.deepEqual(await names({}), ['blob.txt', 'bytes.png', 'c.txt']);
    assert.deepEqual(await names({ sortBy: { column: 'name', order: 'desc' } }),
      ['c.txt', 'bytes.png', 'blob.txt']);
    assert.deepEqual(await names({ limit: 1, offset: 1 }), ['bytes.png']);
    assert.deepEqual(await names({ search: 'c' }), ['c.txt']);
    assert.equal((await names({ sortBy: { column: 'created_at', order: 'desc' } }))[0], 'c.txt');
    const [row] = await ok(files.list('u/p', { search: 'bytes' }));
    assert.equal(row.metadata.size, 5000);
    assert.equal(row.metadata.mimetype, 'image/png');
    assert.ok(Date.parse(row.created_at) > 0 && Date.parse(row.updated_at) > 0);
  });
  await named('signed URLs of one object and of several', async () => {
    const { signedUrl } = await ok(files.createSignedUrl('u/p/blob.txt', 60));
    assert.equal(await (await fetch(signedUrl)).text(), 'newer');
    const { signedUrl: named } = await ok(files.createSignedUrl('u/p/blob.txt', 60, {
      download: 'a.txt' }));
    assert.match((await fetch(named)).headers.get('content-disposition'), /attachment.*a\.txt/);
    const several = await ok(files.createSignedUrls(['u/p/c.txt', 'u/p/nothing'], 60));
    assert.equal(await (await fetch(several[0].signedUrl)).text(), 'c');
    assert.equal(several[1].signedUrl, null);
    assert.ok(several[1].error);
  });
  await named('a signed upload', async () => {
    const { token, path } = await ok(files.createSignedUploadUrl('u/signed.txt'));
    await ok(files.uploadToSignedUrl(path, token, new Blob(['s'], { type: 'text/plain' })));
    assert.equal(await (await ok(files.download('u/signed.txt'))).text(), 's');
    const wrong = await files.uploadToSignedUrl('u/other.txt', token, 'x');
    assert.ok(wrong.error);
  });
  await named('copies and moves', async () => {
    assert.equal((await ok(files.copy('u/p/c.txt', 'u/copied.txt'))).path, `${bucket}/u/copied.txt`);
    await ok(files.move('u/copied.txt', 'u/moved.txt'));
    assert.equal((await files.exists('u/copied.txt')).data, false);
    assert.equal(await (await ok(files.download('u/moved.txt'))).text(), 'c');
    const taken = await files.copy('u/p/c.txt', 'u/moved.txt');
    assert.match(`${taken.error.statusCode}`, /409/);
    const gone = await files.move('u/nothing', 'u/x');
    assert.match(`${gone.error.statusCode}`, /404/);
  });
  await named('ranges and entity tags', async () => {
    const url = `${base}/storage/v1/object/${bucket}/u/p/bytes.png`;
    const headers = kind === 'jwt' ? { authorization: `Bearer ${key}` } : { apikey: key };
    const whole = await fetch(url, { headers });
    const etag = whole.headers.get('etag');
    assert.equal((await whole.arrayBuffer()).byteLength, 5000);
    const part = await fetch(url, { headers: { ...headers, range: 'bytes=10-19' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('content-range'), 'bytes 10-19/5000');
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), photo.subarray(10, 20));
    assert.equal((await fetch(url, { headers: { ...headers, range: 'bytes=6000-' } })).status, 416);
    const same = await fetch(url, { headers: { ...headers, 'if-none-match': etag } });
    assert.equal(same.status, 304);
    assert.equal(same.headers.get('etag'), etag);
  });
  await named('a public bucket', async () => {
    const { publicUrl } = files.getPublicUrl("u/p/c.txt").data;
    assert.notEqual((await fetch(publicUrl)).status, 200);
    await ok(supabase.storage.updateBucket(bucket, { public: true }));
    assert.equal(await (await fetch(publicUrl)).text(), 'c');
  });
  await named('removal, and an empty bucket', async () => {
    const removed = await ok(files.remove(['u/p/c.txt', 'u/nothing']));
    assert.deepEqual(removed.map(({ name }) => name), ['u/p/c.txt']);
    const full = await supabase.storage.deleteBucket(bucket);
    assert.ok(full.error);
    await ok(supabase.storage.emptyBucket(bucket));
    assert.deepEqual(await ok(files.list('u')), []);
    await ok(supabase.storage.deleteBucket(bucket));
    assert.ok((await supabase.storage.getBucket(bucket)).error);
  });
}
await check('a wrong key is refused', async () => {
  const stranger = createClient(base, 'nonsense', options);
  assert.ok((await stranger.storage.listBuckets()).error);
});
console.log(`${process.exitCode ? 'FAILED' : 'ok'}: ${checks} checks`);
