// An origin, a Redis, three silos and an edge on free ports, and load on them: what the live page is looked at with.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const site = 'shop.example';

export async function start({ edge: edgeDll, silo: siloDll, token }) {
  const folder = mkdtempSync(join(tmpdir(), 'granary-dashboard-'));
  const children = [];
  const end = [() => children.forEach((child) => child.kill('SIGTERM'))];
  const origin = await listen(http.createServer({ keepAliveTimeout: 600000 }, answer), end);
  const gone = await listen(net.createServer(), []);
  await new Promise((closed) => gone.server.close(closed)); // nobody is there
  const redis = await freePort();
  children.push(spawn('redis-server', ['--port', redis, '--save', '', '--bind', '127.0.0.1', '--dir', folder], { stdio: 'ignore' }));
  await reachable(redis);

  const config = join(folder, 'edge.json');
  writeFileSync(config, JSON.stringify({
    Granary: {
      Access: { AllowDestinations: '127.0.0.0/8' },
      Tunnels: { Ports: `${origin.port}` },
      Policy: { Rules: [{ Name: 'no-ads', Action: 'Deny', Hosts: '.ads.example' }] },
      Tcp: [{ Name: 'git', Listen: '127.0.0.1:0', To: `127.0.0.1:${origin.port}` }],
    },
    ReverseProxy: {
      Routes: { shop: { ClusterId: 'shop', Match: { Hosts: [site], Path: '{**rest}' } } },
      Clusters: {
        shop: {
          Destinations: { one: { Address: `http://127.0.0.1:${origin.port}` }, two: { Address: `http://127.0.0.1:${gone.port}` } },
          HealthCheck: { Active: { Enabled: true, Interval: '00:00:02', Timeout: '00:00:01', Path: '/healthz' } },
        },
      },
    },
  }));

  const common = ['--redis', `127.0.0.1:${redis}`];
  const silos = await Promise.all(['silo-0', 'silo-1', 'silo-2'].map((name) => begin(siloDll,
    [...common, '--name', name, '--silo-port', '0', '--gateway-port', '0', '--content-port', '0', '--admin', 'http://127.0.0.1:0', '--memory', '48MiB'], children)));
  const edge = await begin(edgeDll, [...common, '--name', 'edge-7d9f', '--listen', 'http://127.0.0.1:0', '--admin', 'http://127.0.0.1:0', '--config', config, ...(token ? ['--Granary:Admin:Token', token] : [])], children);
  for (const { admin } of [...silos, edge]) await ready(admin);
  end.push(() => rmSync(folder, { recursive: true, force: true }));
  return { silos, edge, origin, stop: () => end.forEach((one) => one()) };
}

function answer(request, response) {
  const url = new URL(request.url, 'http://origin');
  request.resume();
  const wait = url.pathname.startsWith('/api/') ? 12 + Math.random() * 30 : 3 + Math.random() * 9;
  setTimeout(() => {
    const length = url.pathname.startsWith('/images/') ? 9000 + (url.pathname.length * 977) % 30000 : 2400;
    const lifetime = url.pathname.startsWith('/api/') ? 'no-store' : url.pathname.startsWith('/news') ? 'max-age=2, stale-while-revalidate=1' : 'max-age=30';
    response.writeHead(200, { 'Cache-Control': lifetime, 'Content-Type': 'text/plain', ETag: `"${url.pathname}"`, 'Surrogate-Key': url.pathname.split('/')[1], 'Content-Length': length });
    response.end(request.method === 'HEAD' ? undefined : Buffer.alloc(length, 'g'));
  }, wait);
}

// By rank: the first URL is asked for most (Zipf).
const pages = ['/', '/news', '/images/logo.svg', '/images/hero.webp', '/style.css', '/app.js?v=41', '/products/chair', '/products/table?size=large&wood=oak', '/search?q=<img src=x onerror=alert(1)>',
  '/about', ...Array.from({ length: 300 }, (_, i) => `/products/${1000 + i}`)].map((path) => path.replace(/[<> "]/g, encodeURIComponent));
const weights = pages.map((_, i) => 1 / (i + 1) ** 0.9);
const total = weights.reduce((a, b) => a + b);

function pick() {
  if (Math.random() < 0.06) return `/api/cart?user=${Math.floor(Math.random() * 900)}`;
  let rest = Math.random() * total;
  return pages[weights.findIndex((weight) => (rest -= weight) <= 0)] ?? '/';
}

/** Some clients, until it is told to end. */
export function load(edge, clients = 12) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const { hostname, port } = new URL(edge.url);
  let goesOn = true;
  const ask = (method, path) => new Promise((done) => {
    const request = http.request({ hostname, port, path, method, agent, headers: { Host: site } }, (response) => response.resume().on('end', done).on('error', done));
    request.on('error', done).end();
  });
  const one = async () => {
    while (goesOn) {
      await ask(Math.random() < 0.015 ? 'POST' : 'GET', pick());
      await new Promise((next) => setTimeout(next, Math.random() * 12));
    }
  };
  const all = Promise.all(Array.from({ length: clients }, one));
  return async () => { goesOn = false; await all; agent.destroy(); };
}

/** A tunnel through the forward proxy that stays open, with some bytes each way. */
export async function tunnel(edge, port) {
  const { hostname, port: at } = new URL(edge.url);
  const socket = net.connect(Number(at), hostname);
  socket.on('error', () => {});
  socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await new Promise((opened) => socket.once('data', opened));
  socket.write('GET /about HTTP/1.1\r\nHost: origin\r\n\r\n');
  await new Promise((answered) => socket.once('data', answered));
  return socket;
}

/** What each of them would tell Prometheus now, into a folder. */
export async function scrape({ edge, silos }, folder, token) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  for (const [name, { admin }] of [['edge', edge], ['silo', silos[0]]]) writeFileSync(join(folder, `${name}.prom`), await (await fetch(`${admin}/metrics`, { headers })).text());
}

async function begin(dll, switches, children) {
  const child = spawn('dotnet', [dll, ...switches], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let said = '';
  const admin = await new Promise((found, failed) => {
    child.once('exit', (code) => failed(new Error(`${dll} ended with ${code}: ${said}`)));
    child.stdout.on('data', (bytes) => {
      said += bytes;
      const told = /administration on (http:\/\/[^\s;]+)/.exec(said);
      if (told) found(told[1]);
    });
  });
  return { child, admin, url: /Granary listens on (http:\/\/[^\s;]+)/.exec(said)?.[1] };
}

async function ready(admin) {
  for (let tries = 0; tries < 200; tries++) {
    if ((await fetch(`${admin}/health/ready`).catch(() => null))?.status === 200) return;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`${admin} does not become ready`);
}

async function reachable(port) {
  for (let tries = 0; tries < 100; tries++) {
    const isThere = await new Promise((found) => { const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); found(true); }); socket.on('error', () => found(false)); });
    if (isThere) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error('Redis does not start');
}

async function freePort() {
  const { server, port } = await listen(net.createServer(), []);
  await new Promise((closed) => server.close(closed));
  return port;
}

function listen(server, end) {
  end.push(() => { server.closeAllConnections?.(); server.close(); });
  return new Promise((listening) => server.listen(0, '127.0.0.1', () => listening({ server, port: server.address().port })));
}
