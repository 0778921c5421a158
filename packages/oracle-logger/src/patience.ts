/** How long `close` and the end of the process wait for the disk, in milliseconds (L8: bounded). */
export const patienceMs = 2000;
