// `pnpm list --json` on standard input, a CycloneDX 1.6 file a project in the given folder (https://cyclonedx.org/docs/1.6/json/).
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';

const folder = process.argv[2];
const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function bomOf(project) {
  const components = new Map();
  const dependencies = new Map();
  // A shared dependency is one component; its children may be listed at one of its places only.
  const visit = (ref, children = {}) => {
    const below = Object.entries(children).map(([alias, child]) => {
      const name = child.from ?? alias;
      const childRef = purl(name, child.version);
      components.set(childRef, { type: 'library', 'bom-ref': childRef, name, version: child.version, purl: childRef });
      visit(childRef, child.dependencies);
      return childRef;
    });
    dependencies.set(ref, [...new Set([...(dependencies.get(ref) ?? []), ...below])].sort());
  };
  const root = purl(project.name, project.version);
  visit(root, { ...project.dependencies, ...project.optionalDependencies });
  const sorted = [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  // The same tree has the same number: a release can be made twice and compared.
  const digest = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  const serial = [8, 12, 16, 20, 32].map((end, index, ends) => digest.slice(ends[index - 1] ?? 0, end)).join('-');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${serial}`,
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': root, name: project.name, version: project.version, purl: root },
    },
    components: sorted,
    dependencies: [...dependencies].map(([ref, dependsOn]) => ({ ref, dependsOn })),
  };
}

for (const project of JSON.parse(await text(process.stdin))) {
  const bom = bomOf(project);
  writeFileSync(join(folder, `${basename(project.path)}.cdx.json`), `${JSON.stringify(bom, null, 2)}\n`);
  process.stdout.write(`${project.name}: ${bom.components.length} components\n`);
}
