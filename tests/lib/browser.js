// browser.js - a headless Chromium for tests, driven over a pipe of its protocol.
//
//   const { runInBrowser } = require('../lib/browser.js');
//   runInBrowser(async browser => {
//     const page = await browser.newPage();   // with cookies of its own, as of another person
//     await page.open(url);
//     await page.until('the text', 'document.body.innerText.includes("text")');
//   });
//
// The process exits with 0 if the function ends, with 1 if a condition fails or if a page reports a problem
// (an exception, a blocked script, a dialog, a request to another server), and with 77 if no browser is
// installed or if it does not start.
'use strict';
const { spawn, execSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const WAIT_MS = 60000, STEP_MS = 50;

function findProgram() {
  try {
    const names = ['chromium', 'chromium-browser', 'google-chrome'];
    return execSync(names.map(name => `command -v ${name}`).join(' || '), { shell: '/bin/sh' }).toString().trim();
  } catch {
    return null;
  }
}

// One page in a browser context of its own.
class Page {
  constructor(browser, session) {
    this.browser = browser;
    this.session = session;
    this.servers = []; // requests to others are problems
    this.problems = [];
  }

  send(method, params = {}) {
    return this.browser.send(method, params, this.session);
  }

  onEvent(method, params) {
    if (method === 'Runtime.exceptionThrown') {
      this.problems.push(`exception: ${JSON.stringify(params.exceptionDetails).slice(0, 300)}`);
    } else if (method === 'Log.entryAdded' && params.entry.source === 'security') {
      this.problems.push(`policy: ${params.entry.text}`);
    } else if (method === 'Network.requestWillBeSent') {
      const to = params.request.url;
      if (!/^(about|data|blob):/.test(to) && !this.servers.some(server => to.startsWith(server))) {
        this.problems.push(`request to ${to.slice(0, 200)}`);
      }
    } else if (method === 'Page.javascriptDialogOpening') {
      this.problems.push('a dialog was opened');
    }
  }

  // Allows requests to the server of the URL, or to files of its folder.
  allow(url) {
    const { protocol, origin, pathname } = new URL(url);
    if (protocol === 'file:') this.servers.push(`file://${path.dirname(pathname)}/`);
    else if (protocol !== 'about:') this.servers.push(`${origin}/`);
  }

  async open(url) {
    this.allow(url);
    await this.send('Page.navigate', { url });
  }

  async run(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails).slice(0, 400)}`);
    return result.value;
  }

  // Waits for a minute until the expression is true.
  async until(what, expression) {
    const end = Date.now() + WAIT_MS;
    do {
      if (await this.run(`Boolean(${expression})`).catch(() => false)) return;
      await new Promise(resolve => setTimeout(resolve, STEP_MS));
    } while (Date.now() < end);
    throw new Error(`${what}: ${await this.run('document.body.innerText.slice(0, 500)')}`);
  }

  async press(key, code = key) {
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, text });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code });
  }

  async type(text) {
    await this.send('Input.insertText', { text });
  }

  // Moves the mouse to the middle of the first element that matches, and clicks.
  async click(selector) {
    await this.until(`no ${selector} to click`, `document.querySelector(${JSON.stringify(selector)})`);
    const { x, y } = await this.run(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const box = element.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    })()`);
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    }
  }

  async resize(width, height = 900) {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  }

  async scheme(value) { // light or dark
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
  }

  async picture(file) {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    fs.writeFileSync(file, Buffer.from(data, 'base64'));
  }
}

class Browser {
  constructor(program) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dr-browser.'));
    this.process = spawn(program, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking',
      `--user-data-dir=${this.folder}`, '--remote-debugging-pipe', 'about:blank'],
    { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.waiting = new Map();
    this.pages = new Map(); // by session
    this.number = 0;
    let received = '';
    this.process.stdio[4].setEncoding('utf8').on('data', data => {
      received += data;
      const messages = received.split('\0'); // each JSON text ends with a zero byte
      received = messages.pop();
      messages.forEach(text => this.onMessage(JSON.parse(text)));
    });
    this.process.stdio[3].on('error', () => {});
  }

  onMessage(message) {
    if (!message.id) {
      const page = this.pages.get(message.sessionId);
      if (page) page.onEvent(message.method, message.params);
      return;
    }
    const { resolve, reject } = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) reject(new Error(message.error.message));
    else resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    return new Promise((resolve, reject) => {
      this.waiting.set(++this.number, { resolve, reject });
      this.process.stdio[3].write(`${JSON.stringify({ id: this.number, method, params, sessionId })}\0`);
    });
  }

  async newPage() {
    const { browserContextId } = await this.send('Target.createBrowserContext');
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId);
    this.pages.set(sessionId, page);
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
    return page;
  }

  end() {
    try {
      process.kill(-this.process.pid, 'SIGKILL'); // and the processes that it started
    } catch {
      // it has ended
    }
    try {
      fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 });
    } catch (problem) {
      console.error(`${this.folder} stays: ${problem.message}`);
    }
  }
}

function runInBrowser(main, minutes = 5) {
  const program = findProgram();
  if (!program) process.exit(77);
  const browser = new Browser(program);
  let ended = false;
  const end = (status, text) => {
    if (ended) return;
    ended = true;
    if (text) console.error(`FAILED in the browser: ${text}`);
    browser.end();
    process.exit(status);
  };
  browser.process.on('error', () => end(77));
  browser.process.on('exit', () => end(browser.pages.size === 0 ? 77 : 1, browser.pages.size === 0 ? '' : 'it ended'));
  setTimeout(() => end(1, `it takes longer than ${minutes} minutes`), minutes * 60000);
  main(browser).then(() => {
    const problems = [...browser.pages.values()].flatMap(page => page.problems);
    end(problems.length ? 1 : 0, problems.join('\n'));
  }, error => end(1, error.stack));
}

function must(good, what) {
  if (!good) throw new Error(what);
}

module.exports = { runInBrowser, must };
