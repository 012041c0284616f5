/* Being asked to stop while there is still time to save: SIGUSR1, which Slurm sends some minutes before a time limit
 * (sbatch --signal) and mpirun and srun forward to every rank, or SIGTERM, which srun passes on when a job is cancelled
 * or preempted. A rank only remembers the signal; stages/checkpoint.h looks at it where all ranks can stop at one step.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

/* From now on these signals are remembered instead of ending the process. */
void stop_listen(void);

/* 1 once one of them has come. */
int stop_asked(void);

/* "SIGUSR1", "SIGTERM", or "" while none has come. */
const char *stop_reason(void);

#endif
