using System.Globalization;
using FastLog.Interop.Harness;

namespace FastLog.Interop.Groups;

/// <summary>A client that can be a member of a group, in one of the two protocols.</summary>
public enum GroupClient
{
    /// <summary>kafkajs, classic protocol.</summary>
    KafkaJs,

    /// <summary>@platformatic/kafka, classic protocol.</summary>
    PlatformaticClassic,

    /// <summary>@platformatic/kafka, the protocol of KIP-848.</summary>
    PlatformaticConsumer,

    /// <summary>@confluentinc/kafka-javascript, which stands on librdkafka, classic protocol.</summary>
    ConfluentClassic,

    /// <summary>@confluentinc/kafka-javascript, which stands on librdkafka, the protocol of KIP-848.</summary>
    ConfluentConsumer,
}

/// <summary>A member of a group in a process of its own, and what it told of itself.</summary>
internal sealed class GroupMember : IAsyncDisposable
{
    private readonly ConsumedRecords _consumed;
    private RunningProgram _program = null!;
    private volatile int[] _partitions = [];
    private int _recordsCount;

    private GroupMember(string name, ConsumedRecords consumed)
    {
        Name = name;
        _consumed = consumed;
    }

    /// <summary>What the test calls it.</summary>
    public string Name { get; }

    /// <summary>The partitions it was assigned last.</summary>
    public IReadOnlyList<int> Partitions => _partitions;

    /// <summary>Records it has read.</summary>
    public int RecordsCount => Volatile.Read(ref _recordsCount);

    /// <summary>True until its process has ended.</summary>
    public bool IsRunning => _program.IsRunning;

    /// <summary>Starts a member.</summary>
    public static async Task<GroupMember> StartAsync(GroupClient client, string name, string[] arguments, ConsumedRecords consumed)
    {
        var member = new GroupMember(name, consumed);
        member._program = client switch
        {
            GroupClient.KafkaJs => await NodePackage.KafkaJs.StartAsync(member.OnLine, "member.js", arguments),
            GroupClient.PlatformaticClassic =>
                await NodePackage.Platformatic.StartAsync(member.OnLine, "member.js", [.. arguments, "classic"]),
            GroupClient.PlatformaticConsumer =>
                await NodePackage.Platformatic.StartAsync(member.OnLine, "member.js", [.. arguments, "consumer"]),
            GroupClient.ConfluentClassic =>
                await NodePackage.Confluent.StartAsync(member.OnLine, "member.js", [.. arguments, "classic"]),
            GroupClient.ConfluentConsumer =>
                await NodePackage.Confluent.StartAsync(member.OnLine, "member.js", [.. arguments, "consumer"]),
            _ => throw new ArgumentOutOfRangeException(nameof(client), client, null),
        };
        return member;
    }

    /// <summary>Ends it at once.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Asks it to leave the group and end, and fails unless it does.</summary>
    public async Task LeaveAsync() =>
        Assert.True(await _program.TerminateAsync() == 0, $"{Name} did not end well. {this}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();

    /// <summary>Its state and the last of what it wrote but for the records.</summary>
    public override string ToString()
    {
        IEnumerable<string> lines = _program.Output.Lines.Where(line => !line.StartsWith("read ", StringComparison.Ordinal)).TakeLast(12);
        return $"{Name}: {(IsRunning ? "running" : "ended")}, partitions [{string.Join(',', Partitions)}], {RecordsCount} records; wrote\n  "
            + string.Join("\n  ", lines);
    }

    private void OnLine(string line)
    {
        string[] words = line.Split(' ');
        switch (words[0])
        {
            case "assigned":
                _partitions = [.. words[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
                break;
            case "read":
                foreach (string record in words.Skip(3))
                {
                    string[] parts = record.Split('=', 2);
                    _consumed.Add($"{Name} generation {words[1]}", Number(words[2]), long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
                }

                Interlocked.Add(ref _recordsCount, words.Length - 3);
                break;
            default:
                break;
        }
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
