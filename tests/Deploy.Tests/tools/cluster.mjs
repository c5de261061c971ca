// As much of a Kubernetes API as helm template --dry-run=server asks for: which kinds there are, and one Secret, that of the command line (namespace, name, then key=value …).
// Says its port, and ends when its input does.
import { createServer } from 'node:http';

const [namespace, name, ...pairs] = process.argv.slice(2);
const data = Object.fromEntries(pairs.map(pair => pair.split('=')).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
const kinds = {
  v1: { pods: 'Pod', services: 'Service', configmaps: 'ConfigMap', secrets: 'Secret', serviceaccounts: 'ServiceAccount' },
  'apps/v1': { deployments: 'Deployment', statefulsets: 'StatefulSet' },
  'policy/v1': { poddisruptionbudgets: 'PodDisruptionBudget' },
  'autoscaling/v2': { horizontalpodautoscalers: 'HorizontalPodAutoscaler' },
  'networking.k8s.io/v1': { networkpolicies: 'NetworkPolicy' },
};
const groups = Object.keys(kinds).filter(groupVersion => groupVersion.includes('/')).map(groupVersion => {
  const [group, version] = groupVersion.split('/');
  return { name: group, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
});
const answers = {
  '/version': { major: '1', minor: '35', gitVersion: 'v1.35.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups },
  [`/api/v1/namespaces/${namespace}/secrets/${name}`]: { kind: 'Secret', apiVersion: 'v1', metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace } }, data },
};
for (const [groupVersion, resources] of Object.entries(kinds))
  answers[`/${groupVersion === 'v1' ? 'api' : 'apis'}/${groupVersion}`] = {
    kind: 'APIResourceList', apiVersion: 'v1', groupVersion,
    resources: Object.entries(resources).map(([resource, kind]) => ({ name: resource, singularName: kind.toLowerCase(), namespaced: true, kind, verbs: ['get', 'list'] })),
  };

const server = createServer((request, response) => {
  const answer = request.method === 'GET' && answers[new URL(request.url, 'http://x').pathname];
  response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(answer || { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 }));
}).listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
