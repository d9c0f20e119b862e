using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>What consumers tell each other through a classic group, as far as the coordinator has to read it.</summary>
internal static class ConsumerSubscriptions
{
    /// <summary>All topics the members subscribe to; null when one of them cannot be read.</summary>
    public static HashSet<string>? TopicsOf(IReadOnlyCollection<ClassicMember> members, string? protocolName)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            // The topics come first in every version, so that all versions are read as the first.
            var subscription = new ConsumerProtocolSubscription();
            if (!TryRead(subscription, member.MetadataFor(protocolName), versionMax: 0))
            {
                return null;
            }

            topics.UnionWith(subscription.Topics);
        }

        return topics;
    }

    /// <summary>Whether the coordinator can take over assigning: it understands subscription and assignment.</summary>
    public static bool AreReadable(ClassicMember member, string? protocolName) =>
        TryRead(new ConsumerProtocolSubscription(), member.SubscriptionFor(protocolName), versionMax: 3)
        && (member.Assignment.IsEmpty || TryRead(new ConsumerProtocolAssignment(), member.Assignment, versionMax: 3));

    private static bool TryRead(IMessage message, ReadOnlyMemory<byte> bytes, short versionMax)
    {
        try
        {
            // A later version than any known begins like the latest known.
            var version = VersionPrefixed.ReadVersion(bytes.Span);
            message.DecodeFrom(bytes[sizeof(short)..], short.Min(version, versionMax));
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
