import { jestProject } from '@nps/config/jest';

// Outages, recoveries and windows take their real time here.
export default jestProject({ testTimeout: 300_000 });
