/* What one core of this machine does in a second, measured with the program's own kernels at the job's shapes, and what
 * the network does. Seconds for a unit of work, so that times are sums of products. */
#ifndef STAGES_PLAN_RATES_H
#define STAGES_PLAN_RATES_H

typedef struct plan_rates {
  double row;         /* read, cut and key a row of inputs.interactions */
  double skim;        /* pass over a byte of it (in a .zst: unpack it) */
  double sort;        /* sort an event, per halving of their number */
  double catalogue;   /* read a byte of the catalogue, as far as the table of items */
  double title;       /* break an item's texts into words */
  double centre;      /* distance of a row of PROFILE_DIMENSIONS to a centre of k-means */
  double copy;        /* copy a byte in memory that is in no cache */
  double file, byte;  /* commit a file; write, check and read back a byte of it */
  double als_event;   /* an event in a pass of als_solve_packed, at the job's width */
  double als_row;     /* what a row costs besides: rotation, Gram matrix, steps */
  double als_item;    /* an event in a pass of als_item_product */
  double eigen;       /* eigenvectors of the Gram matrix */
  double exact;       /* solve a user exactly: a part that does not grow with events */
  double score;       /* score a user against an item, and keep the best */
  double gemm;        /* an operation of a product of matrices */
  double panel;       /* an entry of a user's row times an item of a panel: math/panel.h */
  double product;     /* an entry of a sparse matrix times a column of a block: math/spectral.h */
  double pair;        /* a common entry of two rows that are compared: recommend/neighbours.h */
  double lane_token;  /* forward and backward over a token of a lane, at the job's lane */
  double judge_token; /* forward only, over a token of 64 lines */
  double adam;        /* a parameter in a step of the optimiser */
  double add;         /* a parameter added in a sum of lanes */
  double decode_step; /* the products of 64 rows for one token */
  double decode_row;  /* what is done for each row of these: softmax, masks, drawing */
  double judge_text;  /* the discriminator's score of a token of a text */
  double judge_learn; /* its loss and gradient, a token */
  double check_text;  /* hold a text against the rules and the copy */
  double tokeniser;   /* train the tokeniser on the copy; whole */
  double base_bytes;  /* of a process on its own, before it has loaded anything */
} plan_rates;

/* LogGP (Alexandrov et al. 1995): latency L, overhead o of a message, gap G of a byte; between nodes, and inside one.
 * g is taken as o. */
typedef struct plan_network {
  int ranks_per_node;
  double latency;      /* L + 2o between nodes, seconds */
  double byte;         /* G of a node between nodes, seconds; its ranks share it */
  double node_latency; /* L + 2o inside a node */
  double node_byte;    /* G of a rank inside a node: a copy into shared memory and one out of it */
} plan_network;

#endif
