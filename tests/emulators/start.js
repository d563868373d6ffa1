// Starts one of the two store emulators in memory on a port of the system's choice, prints "port N", and ends with
// whoever started it: standard input closes then, also when the starter was killed.
process.stdin.on("end", () => process.exit(0)).resume();

const which = process.argv[2];
const start = { cosmos, tables }[which];
// By default Node.js ends a connection that was silent for five seconds; on a busy machine a call is on its way just then.
const forEver = { keepAliveTimeout: 0 };
if (!start) throw new Error(`No emulator "${which}": cosmos or tables.`);
start().then(port => console.log(`port ${port}`));

async function cosmos() {
  const { createHttpsServer } = require("@vercel/cosmosdb-server");
  const server = Object.assign(createHttpsServer({ keepAlive: true }), forEver);
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  return server.address().port;
}

// As azurite-table does it, without its telemetry and its files.
async function tables() {
  const { default: Configuration } = require("azurite/dist/src/table/TableConfiguration");
  const { default: TableServer } = require("azurite/dist/src/table/TableServer");
  const configuration = new Configuration("127.0.0.1", 0);
  Object.assign(configuration, { enableAccessLog: false, isMemoryPersistence: true });
  const server = new TableServer(configuration);
  Object.assign(server.httpServer, forEver);
  await server.start();
  return server.httpServer.address().port;
}
