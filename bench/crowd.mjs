// How long a crowd waits on first contact. Starts an origin and one edge on loopback, asks, prints a table, stops what it started.
// Needs node and h2load (Debian: nghttp2-client).
//   dotnet build -c Release src/Edge && node bench/crowd.mjs
import http from 'node:http';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const asked = new Map();
const origin = http.createServer((request, response) => {
  asked.set(request.url, (asked.get(request.url) ?? 0) + 1);
  const wait = request.url.startsWith('/slow') ? 1000 : 100;
  setTimeout(() => {
    response.setHeader('Cache-Control', request.url.startsWith('/slow') ? 'max-age=60' : 'no-store');
    response.end('x'.repeat(16 * 1024));
  }, wait);
});
origin.listen(0, '127.0.0.1');
await once(origin, 'listening');

const started = performance.now();
const edge = spawn('dotnet', ['src/Edge/bin/Release/net10.0/Granary.Edge.dll', '--origin', `http://127.0.0.1:${origin.address().port}`,
  '--listen', 'http://127.0.0.1:0', '--admin', 'http://127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const url = await new Promise(found => {
  let said = '';
  edge.stdout.on('data', text => {
    said += text;
    const match = /Granary listens on (http:\S+)/.exec(said);
    if (match) found(match[1]);
  });
});
const ready = performance.now() - started;

const ask = path => fetch(url + path).then(answer => answer.arrayBuffer());
const crowd = async (name, path, clients) => {
  const { stdout } = await run('h2load', ['--h1', '-n', clients, '-c', clients, '-m', '1', url + path]);
  const whole = /(\d+) succeeded/.exec(stdout)[1];
  const [, min, max, mean] = /time for request:\s+(\S+)\s+(\S+)\s+(\S+)/.exec(stdout);
  console.log(`| ${name} | ${clients} | ${whole} | ${asked.get(path)} | ${min} | ${mean} | ${max} |`);
};

console.log(`ready ${Math.round(ready)} ms after the process was started\n`);
console.log('| | clients | whole answers | requests to the origin | first | mean | last |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const path of ['/slow-warm-up', '/warm-up', '/warm-up']) await ask(path); // first contact is of the URL, not of the process
await crowd('cold cacheable URL, origin takes 1 s', '/slow', 1000);
await crowd('the same URL again (hits)', '/slow', 1000);
await crowd('uncacheable URL on first contact, origin 100 ms', '/live', 200);
await crowd('the same URL again (passed)', '/live', 200);

edge.kill();
origin.close();
origin.closeAllConnections();
