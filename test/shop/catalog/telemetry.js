// The OpenTelemetry SDK of the catalog; loaded before everything else (node --require).
const { NodeSDK, logs, resources } = require('@opentelemetry/sdk-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-proto');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');

const sdk = new NodeSDK({
  resource: resources.resourceFromAttributes({
    'service.name': 'catalog',
    'service.version': process.env.SHOP_VERSION || '1.4.0',
    'deployment.environment.name': 'demo',
  }),
  autoDetectResources: false,
  traceExporter: new OTLPTraceExporter(),
  logRecordProcessors: [new logs.BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
  instrumentations: [new HttpInstrumentation({ ignoreIncomingRequestHook: (r) => r.url === '/health' })],
});
sdk.start();

module.exports = { sdk };
