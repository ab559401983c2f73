// A small web app that says hello and which version it is.
const version = process.env.DECANT_VERSION ?? "dev"; // put in by the build

const pages = {
  "/": () => new Response(`Hello.\nhello-bun ${version}\n`),
  "/health": () => new Response("ok\n", { status: 200 }),
  "/slow": async (url) => {
    await Bun.sleep(Math.min(Number(url.searchParams.get("ms")), 60_000));
    return new Response("done\n");
  },
};

const server = Bun.serve({
  port: Number(process.env.PORT ?? 4000),
  idleTimeout: 120,
  async fetch(request) {
    const url = new URL(request.url);
    const page = pages[url.pathname];
    return page ? page(url) : new Response("not here\n", { status: 404 });
  },
});
console.log(`hello-bun ${version} listens on ${server.port}`);

process.on("SIGTERM", async () => {
  await server.stop(); // what has begun is finished
  process.exit(0);
});
