using FastLog.Protocol;
using FastLog.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>Counts metadata records that are kept and have no effect here, so that nobody relies on them unwarned.</summary>
internal sealed class UnusedRecords
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Count(IMetadataRecord record)
    {
        if (What(record) is { } what)
        {
            _counts[what] = _counts.GetValueOrDefault(what) + 1;
        }
    }

    public void Warn(ILogger logger)
    {
        foreach (var (what, count) in _counts)
        {
            logger.LogWarning("The metadata has {Count} record(s) about {What}: kept, and without effect here", count, what);
        }
    }

    private static string? What(IMetadataRecord record) => record switch
    {
        AccessControlEntryRecord or RemoveAccessControlEntryRecord => "ACLs",
        UserScramCredentialRecord or RemoveUserScramCredentialRecord => "SCRAM credentials",
        DelegationTokenRecord or RemoveDelegationTokenRecord => "delegation tokens",
        ClientQuotaRecord => "client quotas",
        _ => null,
    };
}
