// Every object of the files that are named, against the types of Kubernetes and of what the chart knows beside it: values by the models' own schemas, and by the
// TypeScript compiler that no field is there which the type has not. Ends with 1 if anything is wrong.
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const packages = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'keda.sh': '@kubernetes-models/keda',
  'cert-manager.io': '@kubernetes-models/cert-manager',
};

const moduleOf = apiVersion => {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return `${packages[group] ?? 'kubernetes-models'}/${group ? `${group}/` : ''}${version}`;
};

const objects = process.argv.slice(2).flatMap(file =>
  parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1', merge: true })
    .map(document => { if (document.errors.length) throw new Error(`${file}: ${document.errors[0]}`); return document.toJS(); })
    .filter(object => object !== null)
    .map(object => ({ object, where: `${basename(file)}: ${object.kind} ${object.metadata?.name}` })));

let wrong = 0;
const say = (where, what) => { wrong++; console.error(`${where}: ${what}`); };

// (1) What is in each field.
for (const { object, where } of objects) {
  const model = (await import(moduleOf(object.apiVersion)))[object.kind];
  if (!model) { say(where, `${object.apiVersion} has no ${object.kind}`); continue; }
  try { new model(object).validate(); } catch (error) { say(where, error.message); }
}

// (2) Which fields there are: an object literal may have none that its type has not.
const folder = mkdtempSync(join(fileURLToPath(new URL('node_modules', import.meta.url)), '.validate-'));
try {
  const file = join(folder, 'objects.ts');
  const lines = objects.map(({ object }, i) => `import type { I${object.kind} as T${i} } from '${moduleOf(object.apiVersion)}'; export const o${i}: T${i} = ${JSON.stringify(object)};`);
  writeFileSync(file, lines.join('\n'));
  const program = ts.createProgram([file], { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022, types: [] });
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const line = diagnostic.file?.fileName === file ? diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line : -1;
    say(line >= 0 ? objects[line].where : diagnostic.file?.fileName ?? '', ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  '));
  }
} finally { rmSync(folder, { recursive: true }); }

console.log(`${objects.length} objects, ${wrong} mistakes`);
process.exit(wrong || !objects.length ? 1 : 0);
