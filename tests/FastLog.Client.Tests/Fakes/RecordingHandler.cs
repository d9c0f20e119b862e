using System.Collections.Concurrent;
using FastLog.Protocol;

namespace FastLog.Client.Tests.Fakes;

/// <summary>Keeps what was reported of each token.</summary>
internal sealed class RecordingHandler : IDeliveryHandler
{
    private readonly ConcurrentDictionary<long, (int Partition, long Offset, ErrorCode Error)> _reports = new();

    public int DuplicateReports { get; private set; }

    public IReadOnlyDictionary<long, (int Partition, long Offset, ErrorCode Error)> Reports => _reports;

    public int BatchesCount { get; private set; }

    public void OnDelivered(in DeliveryReport report)
    {
        BatchesCount++;
        for (int i = 0; i < report.RecordsCount; i++)
        {
            long offset = report.BaseOffset < 0 ? -1 : report.BaseOffset + i;
            if (!_reports.TryAdd(report.Tokens[i], (report.Partition, offset, report.ErrorCode)))
            {
                DuplicateReports++;
            }
        }
    }
}
