// The fleet's contract (../README.md) on node:http.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');

const [port, truthFile, certificate, key] = process.argv.slice(2);
const truth = fs.openSync(truthFile, 'a');
const content = Buffer.alloc(1 << 20, 'HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n');
const piece = 64 * 1024;

const options = { keepAliveTimeout: 60000 };
const server = certificate
  ? https.createServer({ ...options, cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }, answer)
  : http.createServer(options, answer);
// Node stops reading while its socket holds more than this. With TLS it then takes a request that comes in several records
// for a broken one (HPE_PAUSED) and ends the connection.
server.on('secureConnection', (socket) => {
  socket._writableState.highWaterMark = 4 << 20;
});
server.listen(Number(port), '127.0.0.1', 1024);

function answer(request, response) {
  const start = process.hrtime.bigint();
  const url = new URL(request.url, 'http://localhost');
  const query = url.searchParams;
  const parts = url.pathname.split('/');
  const truthOf = {
    id: query.get('id'),
    method: request.method,
    path: url.pathname,
    status: parts[1] === 'status' ? Number(parts[2]) : 200,
    requestBytes: 0,
    responseBytes: 0,
    handlerStartNs: Number(start),
    handlerEndNs: Number(start),
  };

  let open = 2;
  const settle = () => {
    if (--open === 0) {
      fs.writeSync(truth, JSON.stringify(truthOf) + '\n');
    }
  };
  response.on('close', settle);
  // Emitted once for every request, whether its content came in full or not.
  request.on('close', settle);
  request.on('error', () => {});
  response.on('error', () => {});

  const respond = () => write(request, response, query, truthOf);
  const delayed = () => (query.has('delay_ms') ? setTimeout(respond, Number(query.get('delay_ms'))) : respond());
  request.on('data', (data) => { truthOf.requestBytes += data.length; });
  if (query.has('early')) {
    respond();
  } else {
    request.on('end', delayed);
  }
}

async function write(request, response, query, truthOf) {
  const size = Number(query.get('size') ?? 0);
  const hasContent = request.method !== 'HEAD' && truthOf.status !== 204 && truthOf.status !== 304;
  response.statusCode = truthOf.status;
  response.setHeader('Content-Type', 'application/octet-stream');
  if (!query.has('chunked') && truthOf.status !== 204) {
    response.setHeader('Content-Length', size);
  }
  if (query.has('close')) {
    response.setHeader('Connection', 'close');
  }

  while (hasContent && truthOf.responseBytes < size && !response.destroyed) {
    const data = content.subarray(truthOf.responseBytes, Math.min(size, truthOf.responseBytes + piece));
    truthOf.responseBytes += data.length;
    truthOf.handlerEndNs = Number(process.hrtime.bigint());
    if (!response.write(data)) {
      await new Promise((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  }

  // Content that ends with its connection has no end of its own.
  if ((query.has('chunked') && request.httpVersion !== '1.0') || truthOf.responseBytes === 0) {
    truthOf.handlerEndNs = Number(process.hrtime.bigint());
  }
  response.end();
}
