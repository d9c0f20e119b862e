namespace FastLog.Broker.Tests.Delayed;

/// <summary>A clock that the test moves.</summary>
internal sealed class ManualTime : TimeProvider
{
    public long NowMs { get; set; }

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => NowMs;
}
