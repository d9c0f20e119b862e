using FastLog.Coordination.Regexes;

namespace FastLog.Coordination.Consumer;

/// <summary>
/// Compares what a group knows of its topics with the topics as they are, and writes what is new: key types 16 and 4.
/// </summary>
internal static class TopicsLook
{
    /// <summary>However often topics change, expressions are matched against all of them no oftener than this.</summary>
    public const long RegexIntervalMs = 10_000;

    /// <summary>
    /// What matching one expression against all topics may cost, in steps of the automaton of a few nanoseconds each: some
    /// hundredth of a second. An expression that costs more is refused; the groups of its shard would wait for it.
    /// </summary>
    public const long RegexStepsMax = 10_000_000;

    /// <summary>Topics are looked at so often even if nothing tells of a change.</summary>
    public const long RefreshIntervalMs = 600_000;

    /// <summary>Whether there is anything that <see cref="Write"/> would write; changes nothing.</summary>
    public static bool Differs(GroupState group, Turn turn, bool withRegexes)
    {
        if (withRegexes)
        {
            foreach (var (regex, known) in group.Regexes)
            {
                if (TryResolve(regex, turn) is { } now && !now.Topics.SetEquals(known.Topics))
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
                draft.Write(ConsumerRecords.Regex(draft.GroupId, regex, TryResolve(regex, turn) ?? ResolvedRegex.Nothing(turn)));
                changed = true;
            }
        }

        foreach (var (regex, known) in draft.State.Regexes.ToArray())
        {
            if (!draft.State.UsesRegex(regex))
            {
                draft.Write(ConsumerRecords.Regex(draft.GroupId, regex, null));
            }
            else if (withRegexes && TryResolve(regex, turn) is { } now && !now.Topics.SetEquals(known.Topics))
            {
                draft.Write(ConsumerRecords.Regex(draft.GroupId, regex, now));
                changed = true;
            }
        }

        return changed;
    }

    /// <summary>
    /// The topics that an expression matches; null when it costs too much to tell, as there are too many topics by now:
    /// what it matched before stays then.
    /// </summary>
    /// <param name="regex">An expression that was accepted.</param>
    /// <param name="turn">The turn.</param>
    public static ResolvedRegex? TryResolve(string regex, Turn turn)
    {
        // What does not compile came from a log that another version wrote: it matches nothing.
        if (!TopicPattern.TryParse(regex, out var pattern, out _))
        {
            return ResolvedRegex.Nothing(turn);
        }

        var stepsLeft = RegexStepsMax;
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var topic in turn.Topics.All)
        {
            if (!topic.IsInternal)
            {
                if (!pattern.TryMatch(topic.Name, ref stepsLeft, out var isMatch))
                {
                    return null;
                }

                if (isMatch)
                {
                    topics.Add(topic.Name);
                }
            }
        }

        return new ResolvedRegex(topics, turn.Topics.Version, turn.NowMs);
    }
}
