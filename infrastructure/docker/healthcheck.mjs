// The container's HEALTHCHECK: exit code 0 when the app inside says that it is ready, else 1 with a sentence.
const port = process.env[process.env.HEALTHCHECK_PORT_VARIABLE ?? ''] || process.env.HEALTHCHECK_PORT;
const url = `http://127.0.0.1:${port}${process.env.HEALTHCHECK_PATH}`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(2500), redirect: 'error' });
  process.stdout.write(`${url} answered ${response.status}\n`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stdout.write(`${url} did not answer: ${error.cause?.code ?? error.name}\n`);
  process.exitCode = 1;
}
