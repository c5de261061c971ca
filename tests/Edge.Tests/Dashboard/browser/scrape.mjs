// Writes what an edge and a silo of a cluster under load tell Prometheus into a folder, and what granary top shows if its DLL is given. Usage: node scrape.mjs EDGE.dll SILO.dll FOLDER [GRANARY.dll] [seconds]
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, scrape, start, tunnel } from './cluster.mjs';

const [edge, silo, folder, granary, seconds = '20'] = process.argv.slice(2);
const cluster = await start({ edge, silo });
const stop = load(cluster.edge);
const open = await tunnel(cluster.edge, cluster.origin.port);
const top = () => execFileSync('dotnet', [granary, 'top', '--once', '--admin', cluster.edge.admin], { encoding: 'utf8' });
try {
  if (granary) top(); // from now on somebody looks
  await new Promise((next) => setTimeout(next, seconds * 500));
  for (const order of [{ tag: 'products', soft: true }, { url: 'http://shop.example/' }, { host: 'shop.example' }])
    await fetch(`${cluster.edge.admin}/purge`, { method: 'POST', body: JSON.stringify(order), headers: { 'Content-Type': 'application/json' } });
  await new Promise((next) => setTimeout(next, seconds * 500));
  await scrape(cluster, folder);
  if (granary) writeFileSync(join(folder, 'top.txt'), top());
} finally {
  await stop();
  open.destroy();
  cluster.stop();
}
