// The fleet's client contract (../README.md): requests with an even id go through node:http, the others through fetch.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');

const [base, planFile, truthFile, workers] = process.argv.slice(2);
const plans = fs.readFileSync(planFile, 'ascii').trim().split('\n').map((line) => JSON.parse(line));
const truth = fs.openSync(truthFile, 'a');
const { request: open, Agent } = base.startsWith('https') ? https : http;
const agent = new Agent({ keepAlive: true, maxSockets: Number(workers) });

async function work() {
  for (let plan = plans.shift(); plan; plan = plans.shift()) {
    const start = process.hrtime.bigint();
    const answer = await (Number(plan.id) % 2 === 0 ? byHttp(plan) : byFetch(plan));
    fs.writeSync(truth, JSON.stringify({
      id: plan.id,
      method: plan.method,
      path: plan.target.split('?')[0],
      status: answer.status,
      requestBytes: plan.requestBytes ?? 0,
      responseBytes: answer.responseBytes,
      startNs: Number(start),
      endNs: Number(process.hrtime.bigint()),
    }) + '\n');
  }
}

function byHttp(plan) {
  return new Promise((resolve, reject) => {
    const options = { method: plan.method, agent, headers: {} };
    if (plan.requestBytes !== null && !plan.chunked) {
      options.headers['Content-Length'] = plan.requestBytes;
    }
    const request = open(base + plan.target, options, (response) => {
      let responseBytes = 0;
      response.on('data', (data) => { responseBytes += data.length; });
      response.on('end', () => resolve({ status: response.statusCode, responseBytes }));
      response.on('error', reject);
    });
    request.on('error', reject);
    for (const piece of plan.requestBytes === null ? [] : pieces(plan.requestBytes)) {
      request.write(piece);
    }
    request.end();
  });
}

async function byFetch(plan) {
  const options = { method: plan.method, redirect: 'manual' };
  if (plan.requestBytes !== null) {
    options.body = plan.chunked ? stream(plan.requestBytes) : Buffer.alloc(plan.requestBytes, 'c');
    options.duplex = 'half';
  }
  const response = await fetch(base + plan.target, options);
  return { status: response.status, responseBytes: (await response.arrayBuffer()).byteLength };
}

function* pieces(size) {
  for (let at = 0; at < size; at += 4096) {
    yield Buffer.alloc(Math.min(4096, size - at), 'c');
  }
}

function stream(size) {
  const source = pieces(size);
  return new ReadableStream({
    pull(controller) {
      const { value, done } = source.next();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
  });
}

process.stdin.once('data', () => {
  Promise.all(Array.from({ length: Number(workers) }, work)).then(() => process.exit(0));
});
