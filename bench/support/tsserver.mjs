import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** A language server, as an editor starts it, spoken to over its standard streams. */
export class TypeScriptServer {
  #process;
  #sequence = 0;
  #waiting = new Map();
  #pending = Buffer.alloc(0);

  constructor(path, cwd) {
    this.#process = spawn(process.execPath, [path, "--disableAutomaticTypingAcquisition"], { cwd });
    this.#process.stdout.on("data", (chunk) => this.#receive(chunk));
    this.#process.stderr.resume();
  }

  #receive(chunk) {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r?\n\r?\n/.exec(this.#pending.subarray(0, 64).toString("latin1"));
      if (header === null) return;
      const end = header[0].length + Number(header[1]);
      if (this.#pending.length < end) return;
      const message = JSON.parse(this.#pending.subarray(header[0].length, end).toString());
      this.#pending = this.#pending.subarray(end);
      if (message.type === "response") this.#waiting.get(message.request_seq)?.(message);
    }
  }

  #send(command, args) {
    const seq = ++this.#sequence;
    this.#process.stdin.write(`${JSON.stringify({ seq, type: "request", command, arguments: args })}\n`);
    return seq;
  }

  /** Sends what has no answer. */
  tell(command, args) {
    this.#send(command, args);
  }

  /** The answer to a request, and the milliseconds until it was there. */
  async ask(command, args) {
    const start = performance.now();
    const answer = await new Promise((resolve) => this.#waiting.set(this.#send(command, args), resolve));
    if (!answer.success) throw new Error(`${command}: ${answer.message}`);
    return { body: answer.body, took: performance.now() - start };
  }

  open(file) {
    this.tell("open", { file, fileContent: readFileSync(file, "utf8") });
  }

  async close() {
    this.tell("exit");
    await once(this.#process, "exit");
  }
}
