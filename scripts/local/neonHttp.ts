import { createHash } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import pg from "pg"

export interface NeonHttp {
  /** Where Neon's HTTP protocol answers: the value of DATABASE_HTTP_ENDPOINT. */
  endpoint: string
  port: number
  /** Requests answered since the start: one is one database round trip of a Worker. */
  roundTrips(): number
  /** Ends the connections to one database, so that it can be dropped. */
  release(databaseUrl: string): Promise<void>
  close(): Promise<void>
}

interface Statement {
  query: string
  params?: unknown[]
}

/** Runs around each request; tests use it to count, delay, fail, or kill a Worker before or after the commit. */
export interface NeonHttpHooks {
  before?(statements: Statement[]): Promise<void> | void
  after?(statements: Statement[]): Promise<void> | void
}

const rawText = { getTypeParser: () => (value: string) => value }

/**
 * Neon's HTTP protocol in front of an ordinary PostgreSQL: POST {query, params} or {queries}, the latter in one
 * transaction; rows as raw text; a database error is HTTP 400 with its fields (read in neondatabase/serverless,
 * src/httpQuery.ts).
 */
export async function startNeonHttp(
  options: { port?: number; poolSize?: number; hooks?: NeonHttpHooks } = {},
): Promise<NeonHttp> {
  const pools = new Map<string, pg.Pool>()
  let answered = 0

  function poolOf(connectionString: string): pg.Pool {
    let pool = pools.get(connectionString)
    if (!pool) {
      // Plans for the values at hand: a generic plan, made while tables were still empty, would be kept as they grow.
      const plans = "-c plan_cache_mode=force_custom_plan"
      pool = new pg.Pool({ connectionString, max: options.poolSize ?? 10, options: plans })
      // A connection that ends while nobody waits on it is no error of ours; whoever waits gets their own.
      pool.on("error", () => {})
      pool.on("connect", (client) => client.on("error", () => {}))
      pools.set(connectionString, pool)
    }
    return pool
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const connectionString = request.headers["neon-connection-string"]
    if (request.method !== "POST" || typeof connectionString !== "string") {
      response.writeHead(404).end()
      return
    }
    const body: Statement & { queries?: Statement[] } = JSON.parse(await textOf(request))
    const statements = body.queries ?? [body]
    await options.hooks?.before?.(statements)
    let reply: { status: number; text: string }
    try {
      const isolation = request.headers["neon-batch-isolation-level"]
      const results = body.queries
        ? await runBatch(poolOf(connectionString), body.queries, typeof isolation === "string" ? isolation : undefined)
        : [await run(poolOf(connectionString), body)]
      reply = { status: 200, text: JSON.stringify(body.queries ? { results } : results[0]) }
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      const { message, code, detail, hint, constraint, table, column, schema, severity, position, where } = error
      reply = {
        status: 400,
        text: JSON.stringify({
          message,
          code,
          detail,
          hint,
          constraint,
          table,
          column,
          schema,
          severity,
          position,
          where,
        }),
      }
    }
    answered++
    await options.hooks?.after?.(statements)
    // With its length told the answer is one piece; otherwise it would be sent in chunks.
    response
      .writeHead(reply.status, { "content-type": "application/json", "content-length": Buffer.byteLength(reply.text) })
      .end(reply.text)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.destroyed) return
      response.writeHead(502, { "content-type": "application/json" }).end(JSON.stringify({ message: String(error) }))
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port ?? 0, "127.0.0.1", resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    endpoint: `http://127.0.0.1:${port}/sql`,
    port,
    roundTrips: () => answered,
    async release(databaseUrl) {
      const pool = pools.get(databaseUrl)
      pools.delete(databaseUrl)
      await pool?.end()
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => resolve(Buffer.concat(chunks).toString()))
    request.on("error", reject)
  })
}

async function runBatch(pool: pg.Pool, statements: Statement[], isolation: string | undefined) {
  const client = await pool.connect()
  try {
    const level = isolation ? ` isolation level ${isolation.replace(/([a-z])([A-Z])/g, "$1 $2")}` : ""
    await client.query(`begin${level}`)
    const results = []
    for (const statement of statements) results.push(await run(client, statement))
    await client.query("commit")
    client.release()
    return results
  } catch (error) {
    const rolledBack = await client.query("rollback").then(
      () => true,
      () => false,
    )
    client.release(!rolledBack)
    throw error
  }
}

const statementNames = new Map<string, string>()

/** One prepared statement per distinct query, as Neon's proxy keeps them. */
function nameOf(query: string): string {
  let name = statementNames.get(query)
  if (!name) {
    name = createHash("sha1").update(query).digest("base64url")
    statementNames.set(query, name)
  }
  return name
}

async function run(connection: pg.Pool | pg.PoolClient, { query, params = [] }: Statement) {
  const result = await connection.query({
    name: nameOf(query),
    text: query,
    values: params,
    rowMode: "array",
    types: rawText,
  })
  return {
    fields: result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    rows: result.rows,
    rowCount: result.rowCount,
    command: result.command,
    rowAsArray: true,
  }
}
