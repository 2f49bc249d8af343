# One image for the shop and its tools: `docker run -p 3000:3000 -v shop:/data IMAGE`, or with another command of the CLI.
FROM oven/bun:1.4.5-slim

WORKDIR /shop
COPY package.json bun.lock bunfig.toml ./
RUN bun install --frozen-lockfile --production
COPY . .
# What is made beside the packages is made now, while the files are ours to write: the shop runs as an ordinary user.
RUN bun -e 'const { findBinaries } = await import("./db/postgres/binaries.ts"); findBinaries()' \
  && install -d -o bun -g bun /data

USER bun
ENV VAR_DIR=/data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --start-period=60s CMD ["bun", "-e", "process.exit((await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/readyz`)).ok ? 0 : 1)"]
ENTRYPOINT ["bun", "jobs/main.ts"]
CMD ["serve"]
