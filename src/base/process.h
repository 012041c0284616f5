/* Who this process is, for messages, locks and what is published: no names of users. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

enum { PROCESS_TEXT = 128 };

/* The name of the host. Letters, digits and ._- only, so that it may stand in JSON and in messages; "" if not known. */
void process_host(char out[PROCESS_TEXT]);

/* The number of the Slurm job, or "" outside of one. A job that is requeued keeps its number. */
void process_job(char out[PROCESS_TEXT]);

/* How often Slurm has started this job again; 0 at the first start and outside of one. */
int process_restart(void);

/* The version of the program: "0.1.0". */
const char *process_version(void);

#endif
