/** Version in health reports and `app_info`; a test holds it to package.json. */
export const VERSION = '0.1.0';
