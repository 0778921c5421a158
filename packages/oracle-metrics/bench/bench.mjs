// Every figure about metrics in one run: `npm run bench`. Ends with 1 when a bar is missed.
import { benchSection } from '@nps/testing';
import { benchAccuracy } from './accuracy.mjs';
import { benchExposition } from './exposition.mjs';
import { benchHistory } from './history.mjs';
import { benchMemoryAndReads } from './memory-and-reads.mjs';
import { benchRecord } from './record.mjs';

const section = benchSection('metrics');
await benchRecord(section);
benchMemoryAndReads(section);
await benchExposition(section);
await benchAccuracy(section);
await benchHistory(section);
section.finish();
