namespace FastLog.LoadGen.Suite.Limits;

/// <summary>Measures limits, each shape once a run of the suite.</summary>
/// <param name="folder">On the file system that the broker's log lies on.</param>
/// <param name="time">How long each probe takes.</param>
internal sealed class LimitProbes(string folder, TimeSpan time)
{
    private readonly Dictionary<LimitShape, LimitFigures> _known = [];

    public LimitFigures Measure(LimitShape shape)
    {
        if (!_known.TryGetValue(shape, out LimitFigures? figures))
        {
            figures = Probe(shape);
            _known.Add(shape, figures);
        }

        return figures;
    }

    private LimitFigures Probe(LimitShape shape)
    {
        double valueMegabytes = shape.ValueBytes / 1e6;
        ProbeFigures? each = shape.IsSynced ? DiskProbe.Run(folder, shape.SentBytes, 1, time) : null;
        ProbeFigures? disk = !shape.IsWritten
            ? null
            : shape is { IsSynced: true, OnTheWayMax: 1 }
                ? each
                : DiskProbe.Run(folder, shape.SentBytes, shape.IsSynced ? shape.OnTheWayMax : null, time);
        ProbeFigures loopback = LoopbackProbe.Run(shape.SentBytes, shape.AnswerBytes, shape.OnTheWayMax, time);
        ProbeFigures single = LoopbackProbe.Run(shape.SentBytes, shape.AnswerBytes, 1, time / 4);
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
}
