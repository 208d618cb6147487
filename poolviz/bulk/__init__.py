"""Files of any number of rows in, partitioned Parquet out, on this machine or on a cluster."""
