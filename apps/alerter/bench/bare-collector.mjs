// What fetching pages alone costs, nothing of them read: COUNT pages of URL every five seconds with CLIENT (axios or fetch).
import { Agent } from 'node:http';
import axios from 'axios';

const { CLIENT, COUNT, URL: url } = process.env;
const EVERY_MS = 5000;
const httpAgent = new Agent({ keepAlive: true });
const clients = {
  axios: async () => (await axios.get(url, { httpAgent, timeout: 2000, responseType: 'text' })).data,
  fetch: async () => (await fetch(url, { signal: AbortSignal.timeout(2000) })).text(),
};
const get = clients[CLIENT];
const count = Number(COUNT);
for (let index = 0; index < count; index += 1)
  setTimeout(() => setInterval(() => void get(), EVERY_MS), (index * EVERY_MS) / count);
console.log(JSON.stringify({ message: 'listening', port: 0 }));
