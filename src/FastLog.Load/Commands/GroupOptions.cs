using System.CommandLine;

namespace FastLog.Load.Commands;

/// <summary>The options of loads by groups.</summary>
/// <param name="partitionsDefault">The topic's partitions when none are given.</param>
internal sealed class GroupOptions(int partitionsDefault)
{
    private readonly Option<int> _connections = Options.Positive(
        "--connections", "So many connections, among which the groups' members are dealt out.", 64);

    private readonly Option<int> _groups = Options.Positive("--groups", "So many groups.", 1_000);

    private readonly Option<string> _prefix = new("--group-prefix")
    {
        Description = "What the groups' names begin with; their numbers follow.",
        DefaultValueFactory = _ => "load",
    };

    private readonly Option<int> _partitions = Options.Positive(
        "--partitions", "The topic's partitions; it is created with so many when it is not there.", partitionsDefault);

    public void AddTo(Command command)
    {
        Option[] all = [_connections, _groups, _prefix, _partitions];
        Array.ForEach(all, command.Options.Add);
    }

    public int ConnectionsOf(ParseResult parsed) => parsed.GetValue(_connections);

    public int GroupsOf(ParseResult parsed) => parsed.GetValue(_groups);

    public string PrefixOf(ParseResult parsed) => parsed.GetValue(_prefix)!;

    public int PartitionsOf(ParseResult parsed) => parsed.GetValue(_partitions);
}
