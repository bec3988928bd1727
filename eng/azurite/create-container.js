// Creates a blob container in the Azurite at the given port, or leaves it as it is: the probe itself never creates one.
// Usage: node create-container.js <port> <container>
"use strict";
const { createHmac } = require("node:crypto");
const { request } = require("node:http");

// The account and key that every Azurite has; they are public and open nothing else.
const account = "devstoreaccount1";
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const [port, container] = process.argv.slice(2);
const path = `/${account}/${container}`;
const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-12-02" };
const signed = ["PUT", ...Array(11).fill(""), ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
  `/${account}${path}`, "restype:container"].join("\n");
const signature = createHmac("sha256", Buffer.from(key, "base64")).update(signed, "utf8").digest("base64");

function fail(reason) {
  console.error(`Could not create the blob container '${container}': ${reason}`);
  process.exit(1);
}

request(
  {
    host: "127.0.0.1", port, path: `${path}?restype=container`, method: "PUT", timeout: 10_000,
    headers: { ...headers, "Content-Length": 0, Authorization: `SharedKey ${account}:${signature}` },
  },
  (answer) => {
    answer.resume();
    if (answer.statusCode !== 201 && answer.statusCode !== 409) { // 409: it exists
      fail(`HTTP ${answer.statusCode} ${answer.headers["x-ms-error-code"] ?? ""}`);
    }
  },
).on("timeout", () => fail("no answer")).on("error", (error) => fail(error.message)).end();
