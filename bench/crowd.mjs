// How long a crowd waits on first contact. Starts an origin and one edge on loopback, asks, prints a table, stops what it started.
//   dotnet build -c Release src/Edge && node bench/crowd.mjs
import http from 'node:http';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

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

const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
const ask = path => new Promise((resolve, reject) => {
  const begun = performance.now();
  http.get(url + path, { agent }, response => {
    let bytes = 0;
    response.on('data', chunk => { bytes += chunk.length; });
    response.on('end', () => resolve({ time: performance.now() - begun, bytes, status: response.statusCode }));
    response.on('error', reject);
  }).on('error', reject);
});
const crowd = async (name, path, clients) => {
  const answers = await Promise.all(Array.from({ length: clients }, () => ask(path)));
  const times = answers.map(answer => answer.time).sort((a, b) => a - b);
  const at = share => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
  const whole = answers.filter(answer => answer.status === 200 && answer.bytes === 16 * 1024).length;
  console.log(`${name.padEnd(48)} clients ${clients}  whole ${whole}  origin requests ${asked.get(path)}  p50 ${at(0.5)} ms  p99 ${at(0.99)} ms`);
};

console.log(`ready ${Math.round(ready)} ms after the process was started`);
for (const path of ['/slow-warm-up', '/warm-up', '/warm-up']) await ask(path); // first contact is of the URL, not of the process
await crowd('cold cacheable URL, origin takes 1 s', '/slow', 1000);
await crowd('the same URL again (hits)', '/slow', 1000);
await crowd('uncacheable URL on first contact, origin 100 ms', '/live', 200);
await crowd('the same URL again (passed)', '/live', 200);

edge.kill();
origin.close();
origin.closeAllConnections();
agent.destroy();
