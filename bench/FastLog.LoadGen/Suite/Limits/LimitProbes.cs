namespace FastLog.LoadGen.Suite.Limits;

/// <summary>Measures limits. What a machine can do is what it did when least disturbed, so every probe runs more than once
/// and the best counts.</summary>
/// <param name="folder">On the file system that the broker's log lies on.</param>
/// <param name="time">How long each probe takes.</param>
internal sealed class LimitProbes(string folder, TimeSpan time)
{
    private const int TriesCount = 3;

    public LimitFigures Measure(LimitShape shape)
    {
        double valueMegabytes = shape.ValueBytes / 1e6;
        ProbeFigures? each = shape.IsSynced ? BestDisk(shape.SentBytes, 1) : null;
        ProbeFigures? disk = !shape.IsWritten
            ? null
            : shape is { IsSynced: true, OnTheWayMax: 1 }
                ? each
                : BestDisk(shape.SentBytes, shape.IsSynced ? shape.OnTheWayMax : null);
        ProbeFigures loopback = BestLoopback(shape, shape.OnTheWayMax);
        ProbeFigures single = BestLoopback(shape, 1);
        return new LimitFigures
        {
            Shape = shape,
            DiskMegabytesPerSecond = disk?.MovesPerSecond * valueMegabytes,
            DiskSyncEachMegabytesPerSecond = each?.MovesPerSecond * valueMegabytes,
            DiskSyncEachMs = each?.RoundMs,
            LoopbackMegabytesPerSecond = loopback.MovesPerSecond * valueMegabytes,
            LoopbackRoundTripMs = single.RoundMs,
        };
    }

    private ProbeFigures BestDisk(int writeBytes, int? writesPerSync) =>
        Best(() => DiskProbe.Run(folder, writeBytes, writesPerSync, time / TriesCount));

    private ProbeFigures BestLoopback(LimitShape shape, int onTheWayMax) =>
        Best(() => LoopbackProbe.Run(shape.SentBytes, shape.AnswerBytes, onTheWayMax, time / TriesCount));

    private static ProbeFigures Best(Func<ProbeFigures> probe)
    {
        ProbeFigures[] tries = [.. Enumerable.Range(0, TriesCount).Select(_ => probe())];
        return new ProbeFigures(tries.Max(one => one.MovesPerSecond), tries.Min(one => one.RoundMs));
    }
}
