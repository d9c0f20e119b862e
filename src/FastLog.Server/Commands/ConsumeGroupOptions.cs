using System.CommandLine;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary>The options of <c>fastlog consume</c> that make it a member of a group.</summary>
internal sealed class ConsumeGroupOptions
{
    private const int CloseTimeoutMs = 5_000;

    /// <summary><c>--group</c>.</summary>
    public Option<string?> Group { get; } = new("--group", "-g", "-G")
    {
        Description = "Read as a member of this group, from what it has committed on, until Ctrl-C or --count; --from is "
            + "where it starts when nothing is committed.",
        HelpName = "GROUP",
    };

    /// <summary><c>--group-protocol</c>.</summary>
    public Option<string> Protocol { get; } = Of(
        "--group-protocol", "classic, or consumer: the broker assigns, KIP-848.", "classic", "consumer");

    /// <summary><c>--instance-id</c>.</summary>
    public Option<string?> InstanceId { get; } = new("--instance-id")
    {
        Description = "The name of a static member, which may come back within its session (group.instance.id).",
        HelpName = "NAME",
    };

    /// <summary><c>--commit</c>.</summary>
    public Option<string> Commit { get; } = Of(
        "--commit",
        "When offsets are committed: at-least-once, after records were printed; at-most-once, before; none.",
        "at-least-once",
        "at-most-once",
        "none");

    /// <summary><c>--timeout-ms</c>.</summary>
    public Option<int?> TimeoutMs { get; } = new("--timeout-ms")
    {
        Description = "With --group: stop when no record came for so long.",
        HelpName = "MS",
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [Group, Protocol, InstanceId, Commit, TimeoutMs];

    /// <summary>The settings of the member that a command line asks for.</summary>
    public ConsumerOptions Apply(ParseResult parsed, ConsumerOptions options, StartPosition from) => options with
    {
        GroupId = parsed.GetValue(Group),
        GroupInstanceId = parsed.GetValue(InstanceId),
        GroupProtocol = parsed.GetValue(Protocol) == "consumer" ? GroupProtocol.Consumer : GroupProtocol.Classic,
        InitialPosition = from,
        EnableAutoCommit = parsed.GetValue(Commit) != "none",
        Delivery = parsed.GetValue(Commit) == "at-most-once" ? DeliverySemantics.AtMostOnce : DeliverySemantics.AtLeastOnce,
        CloseTimeoutMs = CloseTimeoutMs,
    };

    private static Option<string> Of(string name, string description, params string[] values)
    {
        var option = new Option<string>(name)
        {
            Description = "With --group: " + description,
            HelpName = string.Join('|', values),
            DefaultValueFactory = _ => values[0],
        };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
