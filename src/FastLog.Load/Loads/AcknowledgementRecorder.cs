using System.Diagnostics;
using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.Protocol;

namespace FastLog.Load.Loads;

/// <summary>Hears of every batch that was acknowledged; each record's token says when it was handed to the producer.</summary>
public sealed class AcknowledgementRecorder : IDeliveryHandler
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Lock _gate = new();
    private LatencyHistogram _latencyNs = new();
    private long _acknowledgedCount;
    private long _failedCount;
    private ErrorCode _firstError;
    private string? _firstErrorMessage;

    /// <summary>Records acknowledged so far.</summary>
    public long AcknowledgedCount => Interlocked.Read(ref _acknowledgedCount);

    public void OnDelivered(in DeliveryReport report)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            if (report.ErrorCode != ErrorCode.None)
            {
                OnFailed(report);
                return;
            }

            Interlocked.Add(ref _acknowledgedCount, report.RecordsCount);
            RecordRuns(now, report.Tokens);
        }
    }

    /// <summary>What was recorded since the last call; begins anew.</summary>
    public Acknowledgements Take()
    {
        lock (_gate)
        {
            Acknowledgements taken = new(_latencyNs, _acknowledgedCount, _failedCount, _firstError, _firstErrorMessage);
            _latencyNs = new LatencyHistogram();
            Interlocked.Exchange(ref _acknowledgedCount, 0);
            _failedCount = 0;
            _firstError = ErrorCode.None;
            _firstErrorMessage = null;
            return taken;
        }
    }

    private void OnFailed(in DeliveryReport report)
    {
        _failedCount += report.RecordsCount;
        if (_firstError == ErrorCode.None)
        {
            _firstError = report.ErrorCode;
            _firstErrorMessage = report.ErrorMessage ?? report.ErrorCode.Message();
        }
    }

    /// <summary>Neighbours share a reading of the clock, so a batch of thousands is a few dozen entries.</summary>
    private void RecordRuns(long now, ReadOnlySpan<long> tokens)
    {
        while (!tokens.IsEmpty)
        {
            int run = tokens.IndexOfAnyExcept(tokens[0]);
            run = run < 0 ? tokens.Length : run;
            _latencyNs.Record((long)((now - tokens[0]) * NanosecondsPerTick), run);
            tokens = tokens[run..];
        }
    }
}

/// <summary>What became of the records of one stretch.</summary>
/// <param name="LatencyNs">From the moment a record was handed to the producer to its acknowledgement.</param>
/// <param name="AcknowledgedCount">Records acknowledged.</param>
/// <param name="FailedCount">Records given up.</param>
/// <param name="FirstError">Why the first of those was given up.</param>
/// <param name="FirstErrorMessage">The same in words.</param>
public sealed record Acknowledgements(
    LatencyHistogram LatencyNs,
    long AcknowledgedCount,
    long FailedCount,
    ErrorCode FirstError,
    string? FirstErrorMessage);
