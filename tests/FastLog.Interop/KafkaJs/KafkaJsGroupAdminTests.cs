using System.Text.Json;
using FastLog.Interop.Groups;

namespace FastLog.Interop.KafkaJs;

/// <summary>What kafkajs's admin client sees of groups and does to them.</summary>
public sealed class KafkaJsGroupAdminTests(GroupBroker fixture) : IClassFixture<GroupBroker>
{
    private const string Group = "admired";

    [Fact]
    public async Task A_group_is_described_has_its_offsets_set_and_is_deleted()
    {
        JsonElement seen = await KafkaJsProgram.RunAsync("groups", fixture.Broker);

        JsonElement withMember = seen.GetProperty("withMember");
        AssertDescribed(withMember.GetProperty("described"), "Stable", "consumer", "RoundRobinAssigner", membersCount: 1);
        Assert.Contains((Group, "consumer"), Listed(withMember.GetProperty("listed")));
        Assert.Equal("NON_EMPTY_GROUP", ErrorType(withMember.GetProperty("deleted")));
        Assert.Equal("Stable", withMember.GetProperty("set").GetProperty("message").GetString()!.Split("current state: ")[^1]);

        Assert.Equal([10, 10, 10], Offsets(seen, "read"));
        Assert.Equal([3, 10, 7], Offsets(seen, "set"));
        Assert.Equal([0, 0, 0], Offsets(seen, "reset"));
        AssertDescribed(seen.GetProperty("empty"), "Empty", "consumer", "", membersCount: 0);

        Assert.Equal(0, Assert.Single(seen.GetProperty("deleted").EnumerateArray()).GetProperty("errorCode").GetInt32());
        Assert.DoesNotContain((Group, "consumer"), Listed(seen.GetProperty("listedAfterDeletion")));
        Assert.Equal([-1, -1, -1], Offsets(seen, "offsetsAfterDeletion"));
        AssertDescribed(seen.GetProperty("dead"), "Dead", "", "", membersCount: 0);
        Assert.Equal("GROUP_ID_NOT_FOUND", ErrorType(seen.GetProperty("deletedAgain")));
    }

    private static void AssertDescribed(JsonElement described, string state, string protocolType, string protocol, int membersCount)
    {
        Assert.Equal(0, described.GetProperty("errorCode").GetInt32());
        Assert.Equal(
            (state, protocolType, protocol),
            (described.GetProperty("state").GetString(), described.GetProperty("protocolType").GetString(), described.GetProperty("protocol").GetString()));
        JsonElement[] members = [.. described.GetProperty("members").EnumerateArray()];
        Assert.Equal(membersCount, members.Length);
        Assert.All(members, member => Assert.Equal(
            ("fastlog-interop", "/127.0.0.1"),
            (member.GetProperty("clientId").GetString(), member.GetProperty("clientHost").GetString())));
    }

    private static IEnumerable<(string?, string?)> Listed(JsonElement groups) => groups.EnumerateArray()
        .Select(group => (group.GetProperty("groupId").GetString(), group.GetProperty("protocolType").GetString()));

    private static string? ErrorType(JsonElement error) => error.GetProperty("type").GetString();

    private static int[] Offsets(JsonElement seen, string property) =>
        [.. seen.GetProperty(property).EnumerateArray().Select(offset => offset.GetInt32())];
}
