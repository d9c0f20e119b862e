namespace FastLog.Client;

/// <summary>What a member wants to read: topics by their names, or all whose whole name matches a regular expression.
/// </summary>
internal sealed record GroupSubscription(IReadOnlyList<string> Topics, string? Pattern)
{
    public static GroupSubscription Of(IEnumerable<string> topics) =>
        new([.. topics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], null);

    public bool IsEmpty => Topics.Count == 0 && Pattern is null;

    public bool IsSameAs(GroupSubscription other) =>
        Pattern == other.Pattern && Topics.SequenceEqual(other.Topics, StringComparer.Ordinal);
}
