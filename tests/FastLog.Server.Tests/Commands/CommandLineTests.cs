using System.CommandLine;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands;

public class CommandLineTests
{
    private static RootCommand Root => new("test")
    {
        TopicCommand.Create(),
        ProduceCommand.Create(),
        ConsumeCommand.Create(),
        GroupCommand.Create(),
        ClusterCommand.Create(),
        LogDirsCommand.Create(),
        LogCommand.Create(),
    };

    [Theory]
    [InlineData("topic create t --partitions 3 --replication-factor 1 --config a=b --config c=d")]
    [InlineData("topic list --json -b a:1,b:2")]
    [InlineData("topic describe")]
    [InlineData("topic describe t")]
    [InlineData("topic delete t --bootstrap-server h:1")]
    [InlineData("topic add-partitions t --partitions 5")]
    [InlineData("produce t -K : --header a=b --acks 1 --compression zstd --partition 2 --linger-ms 0 --batch-size 100")]
    [InlineData("cluster describe --json -b a:1")]
    [InlineData("log-dirs --topic a --topic b --details --json")]
    [InlineData("log verify data other-data --json")]
    [InlineData("log dump data/t-0 --records --from-offset 5 --max 2 --only log --only index")]
    [InlineData("consume t --from s@5 --count 7 --partition 0 --partition 1 --follow")]
    [InlineData("consume t u --group g --group-protocol consumer --instance-id i --commit none --timeout-ms 5 -c 3")]
    [InlineData("consume t -g g --commit at-most-once --from end --json")]
    [InlineData("group list --state Stable --type consumer --json")]
    [InlineData("group describe g --members")]
    [InlineData("group delete g --topic t:0,1")]
    [InlineData("group reset-offsets g --to-earliest --all-topics")]
    [InlineData("group reset-offsets g --shift-by -5 --topic t:0,1 --topic u --execute")]
    public void Commands_are_understood(string line) => Assert.Empty(Root.Parse(line).Errors);

    [Theory]
    [InlineData("topic create")]
    [InlineData("topic add-partitions t")]
    [InlineData("topic create t --partitions many")]
    [InlineData("produce")]
    [InlineData("produce t --acks 2")]
    [InlineData("produce t --compression rar")]
    [InlineData("consume t --count x")]
    [InlineData("consume t --nonsense")]
    [InlineData("cluster")]
    [InlineData("cluster describe x")]
    [InlineData("consume t u")]
    [InlineData("consume t --timeout-ms 5")]
    [InlineData("consume t --group g --partition 1")]
    [InlineData("consume t --group g --commit sometimes")]
    [InlineData("group reset-offsets g --to-earliest")]
    [InlineData("group reset-offsets g --all-topics")]
    [InlineData("group reset-offsets g --to-earliest --to-latest --all-topics")]
    [InlineData("group reset-offsets g --to-offset -1 --all-topics")]
    [InlineData("log verify")]
    [InlineData("log dump data --only everything")]
    public void What_makes_no_sense_is_an_error(string line) => Assert.NotEmpty(Root.Parse(line).Errors);

    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("a=", "a", "")]
    [InlineData("a=b=c", "a", "b=c")]
    public void Pairs_split_at_the_first_equals_sign(string text, string key, string value) =>
        Assert.Equal(KeyValuePair.Create(key, value), KeyValueText.Parse(text, "--x"));

    [Theory]
    [InlineData("a")]
    [InlineData("=a")]
    public void A_pair_without_key_is_refused(string text) =>
        Assert.Throws<FormatException>(() => KeyValueText.Parse(text, "--x"));
}
