using FastLog.Coordination.Regexes;

namespace FastLog.Coordination.Consumer;

/// <summary>
/// Compares what a group knows of its topics with the topics as they are, and writes what is new: key types 16 and 4.
/// </summary>
internal static class TopicsLook
{
    /// <summary>However often topics change, expressions are matched against all of them no oftener than this.</summary>
    public const long RegexIntervalMs = 10_000;

    /// <summary>Topics are looked at so often even if nothing tells of a change.</summary>
    public const long RefreshIntervalMs = 600_000;

    /// <summary>Whether there is anything that <see cref="Write"/> would write; changes nothing.</summary>
    public static bool Differs(GroupState group, Turn turn, bool withRegexes)
    {
        if (withRegexes)
        {
            foreach (var (regex, known) in group.Regexes)
            {
                if (!Resolve(regex, turn).Topics.SetEquals(known.Topics))
                {
                    return true;
                }
            }
        }

        return !SubscribedTopics.Of(group.CollectSubscribedTopics(), turn.Topics).Equals(group.Topics);
    }

    /// <summary>Writes what is new, and tells whether members may get other partitions by it.</summary>
    /// <param name="draft">The group; its members are as they shall be.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="withRegexes">Whether to match expressions anew that were matched before.</param>
    public static bool Write(GroupDraft draft, Turn turn, bool withRegexes)
    {
        var changed = WriteRegexes(draft, turn, withRegexes);
        var topics = SubscribedTopics.Of(draft.State.CollectSubscribedTopics(), turn.Topics);
        if (!topics.Equals(draft.State.Topics))
        {
            draft.Write(ConsumerRecords.Topics(draft.GroupId, topics));
            changed = true;
        }

        return changed;
    }

    private static bool WriteRegexes(GroupDraft draft, Turn turn, bool withRegexes)
    {
        var changed = false;
        foreach (var member in draft.State.Members.Values)
        {
            if (member.Metadata.HasRegex && !draft.State.Regexes.ContainsKey(member.Metadata.TopicRegex!))
            {
                var regex = member.Metadata.TopicRegex!;
                draft.Write(ConsumerRecords.Regex(draft.GroupId, regex, Resolve(regex, turn)));
                changed = true;
            }
        }

        foreach (var (regex, known) in draft.State.Regexes.ToArray())
        {
            if (!draft.State.UsesRegex(regex))
            {
                draft.Write(ConsumerRecords.Regex(draft.GroupId, regex, null));
            }
            else if (withRegexes && Resolve(regex, turn) is var now && !now.Topics.SetEquals(known.Topics))
            {
                draft.Write(ConsumerRecords.Regex(draft.GroupId, regex, now));
                changed = true;
            }
        }

        return changed;
    }

    private static ResolvedRegex Resolve(string regex, Turn turn)
    {
        // What does not compile came from a log that another version wrote: it matches nothing.
        var topics = new HashSet<string>(StringComparer.Ordinal);
        if (TopicPattern.TryParse(regex, out var pattern, out _))
        {
            foreach (var topic in turn.Topics.All)
            {
                if (!topic.IsInternal && pattern.Matches(topic.Name))
                {
                    topics.Add(topic.Name);
                }
            }
        }

        return new ResolvedRegex(topics, turn.Topics.Version, turn.NowMs);
    }
}
