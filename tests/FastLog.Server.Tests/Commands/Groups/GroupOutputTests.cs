using System.Text.Json;
using FastLog.Client;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands.Groups;

public class GroupOutputTests
{
    private static readonly GroupMemberDescription Member =
        new("m-1", null, "app", "/10.0.0.1", 4, [new("orders", 0), new("orders", 2)], [new("orders", 0), new("orders", 2)]);

    private static readonly GroupLag Lag = new(
        new GroupDescription("billing", "consumer", "consumer", "Stable", "uniform", 4, 4, [Member]),
        [
            new(new("orders", 0), 90, 100, Member),
            new(new("orders", 1), 100, 60, null),
            new(new("orders", 2), null, 7, Member),
            new(new("gone", 0), 5, null, null),
        ]);

    [Fact]
    public void Lag_is_shown_where_both_ends_are_known()
    {
        Assert.Equal(
            """
            Group billing   state Stable   type consumer   assignor uniform   epoch 4   members 1   lag 10
              TOPIC   PARTITION  CURRENT  END  LAG  MEMBER  CLIENT  HOST
              orders          0       90  100   10  m-1     app     /10.0.0.1
              orders          1      100   60    0  -       -       -
              orders          2        -    7    -  m-1     app     /10.0.0.1
              gone            0        5    -    -  -       -       -

            """.ReplaceLineEndings(),
            Shown(GroupView.Lag));
    }

    [Fact]
    public void Members_are_shown_with_what_they_own() => Assert.Contains(
        "m-1     -         app     /10.0.0.1      4           2  orders:0,2", Shown(GroupView.Members), StringComparison.Ordinal);

    [Fact]
    public void The_state_is_one_line() => Assert.Single(Shown(GroupView.State).TrimEnd().Split('\n'));

    [Fact]
    public void Programs_get_everything_in_one_document()
    {
        var shown = new StringWriter();
        GroupOutput.Describe(Lag, GroupView.State, isJson: true, shown);
        using var document = JsonDocument.Parse(shown.ToString());
        var partitions = document.RootElement.GetProperty("partitions");
        Assert.Equal(10, partitions[0].GetProperty("lag").GetInt64());
        Assert.Equal(JsonValueKind.Null, partitions[2].GetProperty("currentOffset").ValueKind);
        Assert.Equal("m-1", partitions[2].GetProperty("memberId").GetString());
        Assert.Equal(2, document.RootElement.GetProperty("members")[0].GetProperty("assignment").GetArrayLength());
    }

    [Fact]
    public void A_dry_run_says_so()
    {
        var shown = new StringWriter();
        GroupOutput.Reset(new GroupReset("g", false, [new("t", 0, null, 5, "why")]), isJson: false, shown);
        Assert.Contains("t              0        -    5  why", shown.ToString(), StringComparison.Ordinal);
        Assert.Contains("nothing was changed", shown.ToString(), StringComparison.Ordinal);
    }

    private static string Shown(GroupView view)
    {
        var shown = new StringWriter();
        GroupOutput.Describe(Lag, view, isJson: false, shown);
        return shown.ToString();
    }
}
