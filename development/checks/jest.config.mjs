import { jestProject } from '@nps/config/jest';

export default jestProject();
