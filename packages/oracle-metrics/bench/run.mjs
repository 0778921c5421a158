// Every figure of docs and README about metrics, in one run: `npm run bench`. Ends with 1 when a bar is missed.
import { loadavg } from 'node:os';
import { benchAccuracy } from './accuracy.mjs';
import { benchExposition } from './exposition.mjs';
import { benchHistory } from './history.mjs';
import { bar, failedBars, line, medianRatio } from './measure.mjs';
import { benchMemoryAndReads } from './memory-and-reads.mjs';
import { benchRecord } from './record.mjs';

const record = await benchRecord();
const memory = benchMemoryAndReads();
const scrape = await benchExposition();
const accuracy = benchAccuracy();
const history = await benchHistory();

const ratio = (ours, theirs) => medianRatio(record[ours].rounds, record[theirs].rounds);
line(`\nBars (load of the machine: ${loadavg()[0].toFixed(1)})`);
bar('record ÷ empty loop over a typed array', ratio('sketch.record', 'empty loop over a typed array'), 6);
bar('record ÷ DDSketch.accept', ratio('sketch.record', 'DDSketch.accept (1.083 %)'), 1.5);
bar('record ÷ prom-client with 3 labels', ratio('sketch.record', 'prom-client Histogram, 3 labels'), 1 / 20);
bar('start/end by name ÷ one clock read', ratio('metrics.start/end by name', 'one clock read (performance.now)'), 4);
bar('bytes allocated by a record', record['sketch.record'].bytes, 2, ' B');
bar('memory of an operation at 10 million records an hour', memory.bytes / 1024, 128, ' KB');
bar('worst quantile error', accuracy.worst, 1.09, ' %');
bar('read of 60 minutes', memory.readUs, 100, ' µs');
bar('exposition of 10,000 series ÷ prom-client', scrape[10_000].ours / scrape[10_000].theirs, 1 / 3);
bar('longest block of an exposition of 10,000 series', scrape[10_000].block, 10, ' ms');
bar('merge of 60 shards differs from one sketch', accuracy.same ? 0 : 1, 0);
bar('chart of 24 h, p99', history.chartP99Ms, 50, ' ms');
if (failedBars().length > 0) process.exitCode = 1;
