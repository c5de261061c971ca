// Looks at the live page of an edge under load in a real browser: (1) it shows what happens  (2) its forms work  (3) what clients send is text  (4) it loads nothing from elsewhere and breaks no rule of its
// policy  (5) it can be used by keyboard, on a narrow screen and in the dark  (6) with a token it asks for it. Usage: node look.mjs CHROMIUM EDGE.dll SILO.dll FOLDER [seconds [SCRAPES]]
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { load, scrape, start, tunnel } from './cluster.mjs';

const [executablePath, edgeDll, siloDll, folder, seconds = '70', scrapes] = process.argv.slice(2);
const failures = [];
const check = (isSo, what) => { if (!isSo) failures.push(what); console.log(`${isSo ? 'ok  ' : 'NOT '} ${what}`); };

const token = 'a-token-of-the-check';
const cluster = await start({ edge: edgeDll, silo: siloDll, token });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const stop = load(cluster.edge);
const tunnels = await Promise.all([1, 2, 3].map(() => tunnel(cluster.edge, cluster.origin.port)));
try {
  const page = await open({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });

  await page.waitForSelector('#login[open]');
  check(await page.locator('#token').evaluate((field) => field === document.activeElement), 'without a token it asks for it, and the field has the focus');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('login-why').textContent.startsWith('That was not'));
  await page.waitForSelector('#login[open]');
  await signIn(page);
  await page.waitForFunction(() => document.getElementById('state-text').textContent === 'Live');
  check(true, 'with the token it is live');
  check(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length) === 0, 'the token is nowhere but in the page');

  await page.waitForTimeout(Number(seconds) * 1000);
  check(/^\d+(\.\d+)? %$/.test(await page.textContent('#f-hit')) && await page.textContent('#f-hit') !== '0.0 %', `it shows a hit ratio: ${await page.textContent('#f-hit')}`);
  check(await page.locator('#outcomes tbody tr').count() >= 3, 'and the outcomes');
  check(await page.locator('#silos tbody tr').count() === 3, 'and three silos');
  check(await page.locator('#origins tbody tr').filter({ hasText: 'unhealthy' }).count() === 1, 'and the destination that is down');
  check(await page.locator('#hottest tbody tr').count() === 10, 'and the ten hottest URLs');
  check((await page.textContent('#tunnels')).includes('Connect'), 'and the tunnels');
  check(await page.locator('#chart rect').count() >= 2, 'and a chart');

  await page.selectOption('#purge-kind', 'tag');
  await page.fill('#purge-what', 'news');
  await page.press('#purge-what', 'Enter');
  await page.waitForSelector('#purge-said.good', { timeout: 15000 });
  check((await page.textContent('#purge-said')).startsWith('Holds everywhere'), 'a purge by its form holds everywhere');
  await page.selectOption('#purge-kind', 'url');
  await page.fill('#purge-what', 'nonsense');
  await page.press('#purge-what', 'Enter');
  await page.waitForSelector('#purge-said.bad');
  check((await page.textContent('#purge-said')).includes('absolute http or https URL'), 'and what is no URL is answered with what to write instead');
  await page.fill('#purge-what', 'http://shop.example/products/chair');
  await page.press('#purge-what', 'Enter');
  await page.waitForSelector('#purge-said.good', { timeout: 15000 });
  await page.waitForFunction(() => document.querySelectorAll('#purges tbody tr').length === 2);
  check(true, 'and is among the recent purges');
  await page.selectOption('#purge-kind', 'all');
  await page.locator('#purge button').click();
  await page.waitForSelector('#sure[open]');
  await page.keyboard.press('Escape');
  check(await page.locator('#purges tbody tr').count() === 2, 'everything is only purged by who is sure');
  await page.selectOption('#purge-kind', 'url');
  await page.fill('#purge-what', '');

  await page.locator('#hottest button').nth(1).click();
  await page.waitForSelector('#explained h3');
  check((await page.textContent('#explained')).includes('granary; '), 'a URL is explained');
  await page.fill('#explain-url', 'http://shop.example/<script>alert(1)</script>');
  await page.press('#explain-url', 'Enter');
  await page.waitForSelector('#explained .bad, #explained .said');
  check(await page.locator('main script, main img, main iframe').count() === 0, 'what clients sent is text');
  await page.fill('#explain-url', 'http://shop.example/');
  await page.press('#explain-url', 'Enter');
  await page.waitForSelector('#explained .facts');

  const names = await page.evaluate(() => [...document.querySelectorAll('input, select, button, [role=region], table')].filter((one) => {
    if (one.closest('dialog:not([open])')) return false;
    if (one.matches('input, select')) return !one.labels.length;
    if (one.matches('button')) return one.textContent.trim() === '';
    if (one.matches('table')) return [...one.tHead.rows[0].cells].some((cell) => cell.scope !== 'col');
    return !(one.getAttribute('aria-label') || document.getElementById(one.getAttribute('aria-labelledby')));
  }).map((one) => one.outerHTML.slice(0, 80)));
  check(names.length === 0, `every control, table and region has a name ${names.join(' ')}`);
  check(await page.evaluate(() => document.querySelector('a, button, input, select, [tabindex]').className) === 'skip', 'the first stop of the keyboard skips to the figures');
  await page.focus('.skip');
  check(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle) !== 'none', 'and the focus is seen');
  await page.evaluate(() => { document.activeElement.blur(); window.scrollTo(0, 0); });
  await page.waitForTimeout(2500);

  await page.screenshot({ path: join(folder, 'dashboard-light.png'), fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, 'dashboard-dark.png'), fullPage: true });
  check(await contrast(page) === null, `texts stand out in the dark ${await contrast(page) ?? ''}`);
  await page.emulateMedia({ colorScheme: 'light' });
  check(await contrast(page) === null, `and in the light ${await contrast(page) ?? ''}`);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.waitForTimeout(300);
  check(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'at 360 pixels nothing sticks out');
  await page.screenshot({ path: join(folder, 'dashboard-narrow.png'), fullPage: true });
  if (scrapes) await scrape(cluster, scrapes, token);
  check(page.troubles.length === 0, `nothing broke, nothing came from elsewhere ${page.troubles.join('; ')}`);
} finally {
  await stop();
  tunnels.forEach((socket) => socket.destroy());
  await browser.close();
  cluster.stop();
}

if (failures.length > 0) {
  console.error(`dashboard: ${failures.length} not as it should be`);
  process.exitCode = 1;
}

async function open(options) {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.troubles = [];
  page.on('console', (said) => { if (said.type() === 'error' && !/401|400/.test(said.text())) page.troubles.push(said.text()); });
  page.on('pageerror', (broken) => page.troubles.push(String(broken)));
  page.on('request', (request) => { if (new URL(request.url()).origin !== new URL(cluster.edge.admin).origin) page.troubles.push(request.url()); });
  page.on('dialog', (dialog) => { page.troubles.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(`${cluster.edge.admin}/`);
  return page;
}

async function signIn(page) {
  await page.fill('#token', token);
  await page.press('#token', 'Enter');
}

/** The first text whose contrast is below 4.5 (WCAG 2.2, 1.4.3); null if there is none. */
function contrast(page) {
  return page.evaluate(() => {
    const parse = (text) => (/rgba?\(([^)]+)\)/.exec(text)?.[1] ?? '0,0,0,0').split(/[ ,/]+/).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (one) => { for (; one; one = one.parentElement) { const c = parse(getComputedStyle(one).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
    for (const one of document.querySelectorAll('main *, header *, footer *')) {
      if (one.closest('svg, [hidden], .hidden') || !one.checkVisibility() || ![...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
      const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
      if ((a + 0.05) / (b + 0.05) < 4.5) return `${one.tagName} "${one.textContent.trim().slice(0, 30)}" ${((a + 0.05) / (b + 0.05)).toFixed(2)}`;
    }
    return null;
  });
}
