// gRPC of the fleet (../README.md) on @grpc/grpc-js.
'use strict';
const fs = require('node:fs');
const readline = require('node:readline');
const grpc = require('@grpc/grpc-js');

const service = 'fleet.Echo';
const same = (bytes) => bytes;
const options = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc-node.max_session_memory': 100,
};

function method(name, requestStream, responseStream) {
  return {
    path: `/${service}/${name}`,
    requestStream,
    responseStream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

const methods = {
  Unary: method('Unary', false, false),
  Collect: method('Collect', true, false),
  List: method('List', false, true),
  Chat: method('Chat', true, true),
};

function parse(message) {
  const words = message.toString('latin1').split(';').filter((word) => word.includes('=')).map((word) => word.split('='));
  return Object.fromEntries(words.map(([name, value]) => [name, Number(value)]));
}

const failure = (order) => (order.status ? { code: order.status, details: 'as asked for' } : null);

function once(call, message, answer) {
  const order = parse(message);
  setTimeout(() => answer(failure(order), failure(order) ? undefined : Buffer.alloc(order.size)), order.sleep);
}

function end(call, order) {
  if (order.status) {
    call.emit('error', failure(order));
  } else {
    call.end();
  }
}

function runServer(port, certificate, key) {
  const server = new grpc.Server(options);
  server.addService(methods, {
    Unary: (call, answer) => once(call, call.request, answer),
    Collect: (call, answer) => {
      let first;
      call.on('data', (message) => { first ??= message; });
      call.on('end', () => once(call, first, answer));
    },
    List: (call) => {
      const order = parse(call.request);
      setTimeout(() => {
        for (let i = 0; i < order.count; i++) {
          call.write(Buffer.alloc(order.size));
        }
        end(call, order);
      }, order.sleep);
    },
    Chat: (call) => {
      let order;
      call.on('data', (message) => {
        order ??= parse(message);
        setTimeout(() => call.write(Buffer.alloc(order.size)), order.sleep);
      });
      call.on('end', () => end(call, order));
    },
  });
  const credentials = certificate
    ? grpc.ServerCredentials.createSsl(null, [{ cert_chain: fs.readFileSync(certificate), private_key: fs.readFileSync(key) }])
    : grpc.ServerCredentials.createInsecure();
  server.bindAsync(`127.0.0.1:${port}`, credentials, (error) => {
    if (error) {
      throw error;
    }
  });
}

function make(client, plan) {
  return new Promise((resolve) => {
    const seen = { responses: 0, responseBytes: 0 };
    const start = process.hrtime.bigint();
    const metadata = new grpc.Metadata();
    if (plan.header) {
      metadata.set('x-large', 'h'.repeat(plan.header));
    }
    const deadline = plan.deadline ? { deadline: Date.now() + plan.deadline } : {};
    const call = client.makeBidiStreamRequest(`/${service}/${plan.method}`, same, same, metadata, deadline);
    const message = (index) => {
      const bytes = Buffer.alloc(plan.requests[index], 'x');
      if (index === 0) {
        bytes.write(`count=${plan.count};size=${plan.size};status=${plan.status};sleep=${plan.sleep};`);
      }
      return bytes;
    };
    let sent = 0;
    const isChat = plan.method === 'Chat';
    const send = () => {
      if (sent < plan.requests.length) {
        call.write(message(sent++));
      } else {
        call.end();
      }
    };
    call.on('data', (reply) => {
      seen.responses++;
      seen.responseBytes += reply.length;
      if (isChat) {
        send();
      }
    });
    call.on('error', () => {}); // the status tells
    call.on('status', (status) => resolve({
      id: plan.id,
      method: `${service}/${plan.method}`,
      status: status.code,
      ...seen,
      startNs: Number(start),
      endNs: Number(process.hrtime.bigint()),
    }));
    do {
      send();
    } while (!isChat && sent < plan.requests.length);
    if (!isChat) {
      call.end();
    }
    if (plan.cancel) {
      setTimeout(() => call.cancel(), plan.cancel);
    }
  });
}

async function runClient(port, planFile, truthFile, workers, certificate) {
  const plans = fs.readFileSync(planFile, 'ascii').trim().split('\n').map((line) => JSON.parse(line));
  const compression = plans.some((plan) => plan.compress) ? { 'grpc.default_compression_algorithm': 2 } : {};
  const credentials = certificate ? grpc.credentials.createSsl(fs.readFileSync(certificate)) : grpc.credentials.createInsecure();
  const client = new grpc.Client(`127.0.0.1:${port}`, credentials, { ...options, ...compression });
  const truth = fs.openSync(truthFile, 'a');
  const input = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const running = new Set();
  for (const [number, plan] of plans.entries()) {
    if (plan.gate || number === 0) {
      await Promise.all(running);
      console.log('gate');
      await input.next();
    }
    while (running.size >= Number(workers)) {
      await Promise.race(running);
    }
    const call = make(client, plan).then((seen) => {
      fs.writeSync(truth, JSON.stringify(seen) + '\n');
      running.delete(call);
    });
    running.add(call);
  }
  await Promise.all(running);
  // The reset of a call that was given up is still on its way.
  setTimeout(() => process.exit(0), 200);
}

const [role, port, ...rest] = process.argv.slice(2);
if (role === 'server') {
  runServer(port, ...rest);
} else {
  runClient(port, ...rest);
}
