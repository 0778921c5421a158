export { type GrpcHealthOptions, type GrpcHealthService, grpcHealthService } from './health-service.js';
