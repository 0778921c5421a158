import { api } from '../contract/api.js';
import { type Access, type AnyEndpoint, pathFields } from '../contract/endpoint.js';

type Json = Readonly<Record<string, unknown>>;

const accessWords: Readonly<Record<Access, string>> = {
  public: 'Open to everyone.',
  read: 'Needs a sign-in unless the dashboard is on loopback or DASHBOARD_ALLOW_ANONYMOUS=on.',
  link: 'Needs the token of a message’s link, and no sign-in.',
  change: 'Needs a sign-in.',
};

const schemes = [{ token: [] }, { basic: [] }];
const security: Readonly<Record<Access, readonly Json[]>> = {
  public: [],
  read: [{}, ...schemes],
  link: [],
  change: schemes,
};

const problemReply = {
  description: 'RFC 9457 problem',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    faults: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, expected: { type: 'string' } } },
    },
  },
};

/** The endpoint table as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0). Pure. */
export function describeApi(): Json {
  const paths = new Map<string, Record<string, Json>>();
  for (const [name, endpoint] of Object.entries(api) as [string, AnyEndpoint][]) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    const operations = paths.get(path) ?? {};
    operations[endpoint.method.toLowerCase()] = describeOperation(name, endpoint);
    paths.set(path, operations);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'NPS Oracle Monitoring dashboard', version: '1' },
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' }, basic: { type: 'http', scheme: 'basic' } },
      schemas: { Problem: problemSchema },
    },
  };
}

function describeOperation(name: string, endpoint: AnyEndpoint): Json {
  const body = endpoint.method === 'POST' ? bodySchema(endpoint) : null;
  return {
    operationId: name,
    summary: endpoint.summary,
    description: accessWords[endpoint.access],
    security: security[endpoint.access],
    parameters: parametersOf(endpoint),
    ...(body === null ? {} : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      '200': { description: 'The reply', content: { 'application/json': { schema: { type: 'object' } } } },
      default: problemReply,
    },
  };
}

function parametersOf({ method, path, input }: AnyEndpoint): readonly Json[] {
  const inPath = pathFields(path);
  return Object.entries(input)
    .filter(([name]) => method !== 'POST' || inPath.includes(name))
    .map(([name, { required, schema }]) => ({ name, in: inPath.includes(name) ? 'path' : 'query', required, schema }));
}

function bodySchema({ path, input }: AnyEndpoint): Json | null {
  const fields = Object.entries(input).filter(([name]) => !pathFields(path).includes(name));
  if (fields.length === 0) return null;
  return {
    type: 'object',
    additionalProperties: false,
    required: fields.flatMap(([name, { required }]) => (required ? [name] : [])),
    properties: Object.fromEntries(fields.map(([name, { schema }]) => [name, schema])),
  };
}
