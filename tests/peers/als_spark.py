"""An epoch of Spark MLlib's ALS on one thread, on the matrix that als_epochs left in a folder: CPU seconds of the JVM
between a fit of one epoch and one of three, so that what comes before the first is not counted.
Usage: als_spark.py FOLDER USERS ITEMS WIDTH REGULARISATION; says why in one line where Spark cannot be had."""
import os
import shutil
import sys

import numpy as np


def cpu_of(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def java_below(pid):
    """Processes that this one started, and theirs, whose program is Java."""
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as f:
                name, fields = f.read().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        if int(fields.split()[1]) == pid:
            if name == "java":
                return int(entry)
            found = java_below(int(entry))
            if found:
                return found
    return None


def main():
    folder, users, items, width, regularisation = sys.argv[1:]
    try:
        from pyspark.ml.recommendation import ALS
        from pyspark.sql import SparkSession
    except ImportError as e:
        return print(f"Spark MLlib: not measured, {e}")
    if not shutil.which("java"):
        return print("Spark MLlib: not measured, there is no java")
    import pandas
    values, columns, offsets = (np.load(f"{folder}/{n}.npy") for n in ("data", "indices", "indptr"))
    rows = np.repeat(np.arange(int(users), dtype=np.int32), np.diff(offsets))
    path = f"{folder}/events.csv"
    # In the form of Hu, Koren and Volinsky: the confidence is 1 + alpha r.
    pandas.DataFrame({"u": rows, "i": columns, "r": values - 1}).to_csv(path, index=False)
    spark = (SparkSession.builder.master("local[1]").config("spark.driver.memory", "8g")
             .config("spark.ui.enabled", "false").config("spark.log.level", "ERROR").getOrCreate())
    events = spark.read.csv(path, header=True, schema="u INT, i INT, r FLOAT").cache()
    events.count()
    java = java_below(os.getpid())
    seconds = []
    for epochs in (1, 1, 3):  # the first is for the compiler of the JVM
        began = cpu_of(java)
        ALS(rank=int(width), maxIter=epochs, regParam=float(regularisation), implicitPrefs=True, alpha=1.0,
            numUserBlocks=4, numItemBlocks=4, userCol="u", itemCol="i", ratingCol="r").fit(events)
        seconds.append(cpu_of(java) - began)
    spark.stop()
    print((seconds[2] - seconds[1]) / 2)


main()
