using System.CommandLine;
using FastLog.Load.Commands;

namespace FastLog.Load.Tests.Commands;

/// <summary>What is asked for and cannot be had is said in one line, before anything is connected.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("bench produce --transactional")]
    [InlineData("bench produce --spread bykey")]
    [InlineData("bench produce --spread sticky --keys uniform:5")]
    [InlineData("bench produce --producers 5000")]
    [InlineData("bench end-to-end --record-size-bytes uniform:4-100")]
    public async Task Options_that_do_not_go_together_end_with_exit_code_2(string line) =>
        Assert.Equal(2, await InvokeAsync(line));

    [Theory]
    [InlineData("bench produce --record-size-bytes many")]
    [InlineData("bench produce --keys zipf")]
    [InlineData("bench produce --acks 2")]
    [InlineData("bench produce --rate 0")]
    [InlineData("bench produce --records -5")]
    [InlineData("bench produce --compression rar")]
    [InlineData("bench consume --consumers 0")]
    [InlineData("bench mixed --backlog-records 0")]
    [InlineData("bench commits --rate 0")]
    [InlineData("bench commits --in-flight-max 0")]
    [InlineData("bench groups --members 0")]
    public void A_value_that_is_wrong_by_itself_is_an_error_that_names_its_option(string line)
    {
        ParseResult parsed = Root().Parse(line);
        string message = Assert.Single(parsed.Errors).Message;
        Assert.Contains(line.Split(' ')[2], message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bench produce --record-size-bytes uniform:50-1500 --keys zipf:9 --compression zstd --acks 1 --payload json")]
    [InlineData("bench consume --tail --records 5 --duration-seconds 0.5")]
    [InlineData("bench end-to-end --rate 100 --consumers 2 --flush-messages 1")]
    [InlineData("bench mixed --backlog-records 10 --producers 3")]
    [InlineData("bench ceiling --batch-records-max 1")]
    [InlineData("bench produce --batch-records-max 20")]
    [InlineData("bench commits --rate 50000 --groups 10 --connections 3 --partitions 2 --group-prefix g --duration-seconds 2")]
    [InlineData("bench commits --in-flight-max 8 --records 5 --warmup-records 2 --broker-pid 7")]
    [InlineData("bench groups --group-protocol consumer --groups 3 --members 2 --heartbeat-interval-ms 500 --duration-seconds 1")]
    [InlineData("bench sink --port 0 --partitions 2")]
    public void These_are_understood(string line) => Assert.Empty(Root().Parse(line).Errors);

    [Fact]
    public async Task A_broker_that_is_not_there_is_exit_code_1() =>
        Assert.Equal(1, await InvokeAsync("bench produce --bootstrap-server 127.0.0.1:1 --records 1"));

    private static Task<int> InvokeAsync(string line) => Root().Parse(line).InvokeAsync();

    private static RootCommand Root() => new("test") { LoadCommands.Bench() };
}
