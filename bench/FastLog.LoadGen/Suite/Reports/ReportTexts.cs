namespace FastLog.LoadGen.Suite.Reports;

/// <summary>What stands in every report.</summary>
internal static class ReportTexts
{
    public const string HowToRead =
        """
        ## How to read it

        - Bytes are those of the records' values; 1 MB is 10^6, 1 GB 10^9. Every figure is the median of its own over the
          runs. `by` says who loaded: `own` is FastLog's generator, `rdkafka` librdkafka's `rdkafka_performance`. Where both
          are there, the latter decides goals that are not for the own generator.
        - Broker CPU is user and system time of the broker's process from `/proc`, in steps of 10 ms: of the own generator
          while its clock ran, of `rdkafka_performance` from its start to its end. Broker and generator share the CPUs, so
          CPU seconds per GB say more of a broker than records a second.
        - Latencies of a closed loop at full speed are mostly the queue in the generator's own buffer; only those of an open
          loop, which count from the intended send time, are a broker's. They are at most 0.4 % too high.
        - Limits: bare `pwrite` of batches as large as the own generator was seen to send, into one new file by one thread,
          with one `fdatasync` for as many writes as can be waiting at once (`on the way`) where the scenario syncs; and a
          bare loopback socket between two threads of one process, messages one way and answers of 100 bytes the other (for
          consuming the other way round), as many on their way. Bytes of values per second in both. `of limit` is the share
          of the narrower one; for an open loop, of the median latency, what one such write with its sync and one such round
          trip take. Every probe runs three times beside its scenario, and the best counts. librdkafka sends larger
          batches, and a broker may gather more writes for a sync than the probe does: both can go beyond such a limit.
        - Consumers read what was just produced, so from the page cache, and check every CRC.
        - `others' CPU` is what everything but broker and generator took of one CPU meanwhile. What is not near zero
          disturbed the run: records per second most, seconds per GB less, though not untouched.
        """;
}
