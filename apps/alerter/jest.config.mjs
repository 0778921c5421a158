import { jestConfig } from '@nps/config/jest';

export default jestConfig({ lines: 90, branches: 80 });
