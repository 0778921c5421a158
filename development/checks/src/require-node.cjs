// Runs before anything is installed, on whatever Node there is: plain old syntax only.
var found = process.versions.node.split('.').map(Number);
var major = found[0] || 0;
var minor = found[1] || 0;
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    'NPS Oracle Monitoring needs Node 20.19 or newer, and this is Node ' +
      process.versions.node +
      ': install a current Node (https://nodejs.org) and run the command again.\n',
  );
  process.exit(1);
}
