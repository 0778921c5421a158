// In the place of a customer's image when compose.customer.yaml is drilled: listens where their plan says and answers as such a
// service does. Made over the image of the reference Oracle. Usage: stand-in.mjs oracle|scanner|api|web-ui
import { createServer } from 'node:http';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createHealth } from '@nps/oracle-health';
import { grpcHealthService } from '@nps/oracle-health/grpc';

const PATHS = { oracle: [8052, '/health'], api: [8000, '/api/health'], 'web-ui': [80, '/'] };
const role = process.argv[2];
process.once('SIGTERM', () => process.exit(0));

if (role === 'scanner') {
  const health = createHealth({ service: role, version: '1.0.0', checks: [] });
  health.start();
  const server = new Server();
  const { definition, implementation } = grpcHealthService(health);
  server.addService(definition, implementation);
  server.bindAsync('0.0.0.0:50051', ServerCredentials.createInsecure(), (error) => {
    if (error) throw error;
  });
} else {
  const [port, path] = PATHS[role];
  createServer((request, response) => {
    response.writeHead(request.url === path ? 200 : 404).end();
  }).listen(port, '0.0.0.0');
}
