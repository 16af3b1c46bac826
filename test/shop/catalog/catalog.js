// The catalog service: prices, stock and reminders.
const http = require('node:http');
const { trace, SpanStatusCode } = require('@opentelemetry/api');
const { logs, SeverityNumber } = require('@opentelemetry/api-logs');
const { sdk } = require('./telemetry.js');

const logger = logs.getLogger('catalog');
const items = { lamp: { price: 20 }, desk: { price: 180 } };

function log(severityNumber, severityText, body, attributes = {}) {
  logger.emit({ severityNumber, severityText, body, attributes });
}

function priceOf(name) {
  return items[name].price;
}

function withTax(name) {
  return priceOf(name) * 1.2;
}

function remind(to) {
  // An error that is only logged: no exception, no failed span.
  log(SeverityNumber.ERROR, 'ERROR', `reminder to ${to} bounced: mailbox full`);
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function handle(url) {
  const [, route, item] = url.pathname.split('/');
  switch (route) {
    case 'health':
      return 'ok';
    case 'price':
      log(SeverityNumber.INFO, 'INFO', `price of ${item}`);
      return String(withTax(item));
    case 'stock':
      if (item === 'slow') await sleep(600);
      return '3';
    case 'reminder':
      remind(url.searchParams.get('to'));
      return 'queued';
    default:
      return undefined;
  }
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const span = trace.getActiveSpan();
  if (span) span.updateName(`${request.method} /${url.pathname.split('/')[1]}`);
  try {
    const text = await handle(url);
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text ?? 'no such route');
  } catch (error) {
    if (span) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    }
    response.statusCode = 500;
    response.end('internal error');
  }
});

const [host, port] = process.env.SHOP_ADDRESS.split(':');
server.listen(Number(port), host);

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, async () => {
    server.close();
    server.closeAllConnections();
    await sdk.shutdown().catch(() => {});
    process.exit(0);
  });
}
