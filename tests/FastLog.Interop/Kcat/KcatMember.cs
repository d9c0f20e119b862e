using System.Globalization;
using System.Text.RegularExpressions;
using FastLog.Interop.Harness;

namespace FastLog.Interop.Kcat;

/// <summary>A kcat that is a member of a group (its balanced consumer), and what it told of itself.</summary>
internal sealed partial class KcatMember : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WaitCheckTime = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly List<string> _values = [];
    private readonly List<string> _rebalances = [];
    private readonly SortedSet<int> _partitions = [];
    private readonly RunningProgram _program;

    private KcatMember(BrokerProcess broker, string group, string topic, string[] options) =>
        _program = RunningProgram.Start(
            "kcat",
            [
                "-b", broker.Address, "-G", group, "-u", "-f", "record\\t%p\\t%o\\t%s\\n",
                "-X", "auto.offset.reset=earliest", "-X", "heartbeat.interval.ms=200", "-X", "auto.commit.interval.ms=200",
                "-X", "topic.metadata.refresh.interval.ms=1000", .. options, topic,
            ],
            OnLine);

    /// <summary>The partitions it has now.</summary>
    public IReadOnlyList<int> Partitions => Locked(() => _partitions.ToArray());

    /// <summary>The values it has read.</summary>
    public IReadOnlyList<string> Values => Locked(() => _values.ToArray());

    /// <summary>What it said of each change of its partitions.</summary>
    public IReadOnlyList<string> Rebalances => Locked(() => _rebalances.ToArray());

    /// <summary>Starts a member; it begins at the start of the topic where the group has committed nothing.</summary>
    public static KcatMember Start(BrokerProcess broker, string group, string topic, params string[] options) =>
        new(broker, group, topic, options);

    /// <summary>Ends it at once.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Asks it to commit and to end; it leaves the group unless it is a static member.</summary>
    public async Task EndAsync() => Assert.True(await _program.TerminateAsync() == 0, ToString());

    /// <summary>Waits for something to be so of these members, and tells what they did when it does not come.</summary>
    public static async Task UntilAsync(string what, Func<bool> isSo, params KcatMember[] members)
    {
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        using var check = new PeriodicTimer(WaitCheckTime);
        while (!isSo())
        {
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begin) < WaitTimeMax,
                $"In {WaitTimeMax.TotalSeconds} s it did not come to this: {what}.\n{string.Join<KcatMember>('\n', members)}");
            await check.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();

    /// <summary>Its state and the last of what it wrote but for the records.</summary>
    public override string ToString() =>
        $"kcat {(_program.IsRunning ? "runs" : "ended")} with [{string.Join(',', Partitions)}] and {Values.Count} records; wrote\n  "
        + string.Join("\n  ", _program.Output.Lines.Where(line => !line.StartsWith("record\t", StringComparison.Ordinal)).TakeLast(15));

    private void OnLine(string line)
    {
        lock (_lock)
        {
            if (line.StartsWith("record\t", StringComparison.Ordinal))
            {
                _values.Add(line.Split('\t', 4)[3]);
            }
            else if (Rebalance().Match(line) is { Success: true } match)
            {
                _rebalances.Add(line);
                IEnumerable<int> listed = PartitionNumber().Matches(match.Groups["list"].Value)
                    .Select(number => int.Parse(number.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
                if (match.Groups["given"].Success)
                {
                    _partitions.UnionWith(listed);
                }
                else
                {
                    _partitions.ExceptWith(listed);
                }
            }
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    // "% Group g rebalanced (memberid m): assigned: t [0], t [1]", or, from a cooperative one,
    // "% Group g rebalanced: incremental revoke of 1 partition(s) (memberid m, COOPERATIVE rebalance protocol): t [0]".
    [GeneratedRegex(@"^% Group \S+ rebalanced.*?((?<given>assigned|incremental assignment)|revoked|incremental revoke)\b.*?: *(?<list>([^:]+ \[\d+\](, )?)*)$")]
    private static partial Regex Rebalance();

    [GeneratedRegex(@"\[(\d+)\]")]
    private static partial Regex PartitionNumber();
}
