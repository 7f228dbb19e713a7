// CPU milliseconds of importing modules, the first of which nothing has loaded yet, as JSON: node import.mjs MODULE…
const start = process.cpuUsage();
for (const module of process.argv.slice(2)) await import(module);
const { user, system } = process.cpuUsage(start);
console.log(JSON.stringify({ loading: (user + system) / 1000 }));
