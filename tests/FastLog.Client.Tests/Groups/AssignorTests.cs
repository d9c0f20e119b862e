namespace FastLog.Client.Tests.Groups;

public class AssignorTests
{
    private const int Rounds = 100;

    [Theory]
    [InlineData("range")]
    [InlineData("roundrobin")]
    [InlineData("cooperative-sticky")]
    public void Every_partition_has_exactly_one_owner_that_subscribes(string name)
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            Random random = new(seed);
            (List<AssignorMember> members, Dictionary<string, int> counts) = Make(random, isUniform: random.Next(2) == 0);
            Dictionary<string, List<TopicAndPartition>> assigned = Assignor(name).Assign(members, counts);
            CheckOwners(seed, members, counts, assigned);
            Assert.Equal(Text(assigned), Text(Assignor(name).Assign([.. members.OrderBy(_ => random.Next())], counts)));
        }
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("cooperative-sticky")]
    public void Members_with_the_same_subscription_differ_by_one_at_most(string name)
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            (List<AssignorMember> members, Dictionary<string, int> counts) = Make(new Random(seed), isUniform: true);
            List<int> sizes = [.. Assignor(name).Assign(members, counts).Values.Select(partitions => partitions.Count)];
            Assert.True(sizes.Max() - sizes.Min() <= 1, $"seed {seed}: {string.Join(' ', sizes)}");
        }
    }

    [Fact]
    public void Range_gives_neighbours_and_one_more_to_the_first()
    {
        List<AssignorMember> members = [Member("b"), Member("a"), Member("c")];
        Dictionary<string, List<TopicAndPartition>> assigned =
            Assignor("range").Assign(members, new Dictionary<string, int> { ["t"] = 7 });
        Assert.Equal("a: t-0 t-1 t-2, b: t-3 t-4, c: t-5 t-6", Text(assigned));
    }

    [Fact]
    public void Static_members_are_sorted_by_their_names_and_keep_their_places()
    {
        List<AssignorMember> members = [Member("z") with { InstanceId = "1" }, Member("a") with { InstanceId = "2" }, Member("0")];
        Dictionary<string, List<TopicAndPartition>> assigned =
            Assignor("range").Assign(members, new Dictionary<string, int> { ["t"] = 3 });
        Assert.Equal("0: t-2, a: t-1, z: t-0", Text(assigned));
    }

    [Fact]
    public void A_topic_that_does_not_exist_is_left_out()
    {
        foreach (string name in new[] { "range", "roundrobin", "cooperative-sticky" })
        {
            Dictionary<string, List<TopicAndPartition>> assigned = Assignor(name).Assign([Member("a")], new Dictionary<string, int>());
            Assert.Empty(assigned["a"]);
        }
    }

    /// <summary>Members come and go; between two rounds each keeps what both rounds agree on, nothing is withheld but what
    /// changes hands, the next round hands it over, and the result is balanced.</summary>
    [Fact]
    public void Cooperative_rounds_converge_and_move_only_what_balance_needs()
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            Random random = new(seed);
            Dictionary<string, int> counts = new() { ["t"] = random.Next(1, 20), ["u"] = random.Next(0, 7) };
            List<AssignorMember> members = [Member("m0", "t", "u")];
            int generation = 0;
            for (int change = 0; change < 8; change++)
            {
                List<AssignorMember> before = Rebalance(seed, members, counts, ref generation);
                members = Change(random, before, change);
                List<AssignorMember> after = Rebalance(seed, members, counts, ref generation);
                CheckFewMoves(seed, before, after, counts);
                members = after;
            }
        }
    }

    [Fact]
    public void Of_two_who_claim_a_partition_the_later_generation_has_it()
    {
        List<AssignorMember> members =
        [
            Member("a") with { Owned = [new("t", 0), new("t", 1)], Generation = 3 },
            Member("b") with { Owned = [new("t", 0)], Generation = 4 },
        ];
        Dictionary<string, List<TopicAndPartition>> assigned =
            Assignor("cooperative-sticky").Assign(members, new Dictionary<string, int> { ["t"] = 2 });
        Assert.Equal("a: t-1, b: t-0", Text(assigned));
    }

    private static List<AssignorMember> Rebalance(
        int seed, List<AssignorMember> members, Dictionary<string, int> counts, ref int generation)
    {
        for (int round = 0; round < 3; round++)
        {
            generation++;
            Dictionary<string, List<TopicAndPartition>> assigned = Assignor("cooperative-sticky").Assign(members, counts);
            int owned = assigned.Values.Sum(partitions => partitions.Count);
            Assert.Equal(owned, assigned.Values.SelectMany(partitions => partitions).Distinct().Count());
            // Nobody gets what another still has.
            foreach (AssignorMember member in members)
            {
                IEnumerable<TopicAndPartition> others = members.Where(other => other != member).SelectMany(other => other.Owned);
                Assert.Empty(assigned[member.MemberId].Except(member.Owned).Intersect(others));
            }

            int now = generation;
            members = [.. members.Select(member => member with { Owned = assigned[member.MemberId], Generation = now })];
            if (owned == counts.Values.Sum())
            {
                CheckOwners(seed, members, counts, assigned);
                return members;
            }
        }

        throw new InvalidOperationException($"seed {seed}: three rounds and partitions without an owner");
    }

    private static List<AssignorMember> Change(Random random, List<AssignorMember> members, int change)
    {
        bool leaves = members.Count > 1 && random.Next(2) == 0;
        return leaves
            ? [.. members.Where((_, index) => index != change % members.Count)]
            : [.. members, Member($"m{change + 1}", "t", "u")];
    }

    private static void CheckFewMoves(
        int seed, List<AssignorMember> before, List<AssignorMember> after, Dictionary<string, int> counts)
    {
        int least = counts.Values.Sum() / after.Count;
        foreach (AssignorMember member in before)
        {
            AssignorMember? same = after.Find(other => other.MemberId == member.MemberId);
            if (same is not null)
            {
                int kept = same.Owned.Intersect(member.Owned).Count();
                Assert.True(kept >= Math.Min(member.Owned.Count, least), $"seed {seed}: {member.MemberId} kept {kept} of {member.Owned.Count}");
            }
        }

        List<int> sizes = [.. after.Select(member => member.Owned.Count)];
        Assert.True(sizes.Max() - sizes.Min() <= 1, $"seed {seed}: {string.Join(' ', sizes)}");
    }

    private static void CheckOwners(
        int seed,
        List<AssignorMember> members,
        Dictionary<string, int> counts,
        Dictionary<string, List<TopicAndPartition>> assigned)
    {
        HashSet<string> wanted = [.. members.SelectMany(member => member.Topics)];
        List<string> expected = [.. counts.Where(topic => wanted.Contains(topic.Key))
            .SelectMany(topic => Enumerable.Range(0, topic.Value).Select(partition => $"{topic.Key}-{partition}")).Order()];
        List<string> owned = [.. assigned.Values.SelectMany(partitions => partitions).Select(partition => partition.ToString()).Order()];
        Assert.True(expected.SequenceEqual(owned), $"seed {seed}: {string.Join(' ', owned)}");
        foreach (AssignorMember member in members)
        {
            Assert.All(assigned[member.MemberId], partition => Assert.Contains(partition.Topic, member.Topics));
        }
    }

    private static (List<AssignorMember> Members, Dictionary<string, int> Counts) Make(Random random, bool isUniform)
    {
        Dictionary<string, int> counts = [];
        for (int topic = random.Next(1, 6); topic > 0; topic--)
        {
            counts[$"t{topic}"] = random.Next(0, 12);
        }

        List<AssignorMember> members = [];
        for (int member = random.Next(1, 8); member > 0; member--)
        {
            string[] topics = [.. counts.Keys.Where(_ => isUniform || random.Next(2) == 0)];
            members.Add(Member($"m{member}", topics));
        }

        return (members, counts);
    }

    private static AssignorMember Member(string id, params string[] topics) =>
        new(id, null, topics.Length == 0 && !id.StartsWith('m') ? ["t"] : topics, [], -1);

    private static PartitionAssignor Assignor(string name) =>
        Enum.GetValues<AssignmentStrategy>().Select(PartitionAssignor.For).Single(assignor => assignor.Name == name);

    private static string Text(Dictionary<string, List<TopicAndPartition>> assigned) => string.Join(", ", assigned
        .OrderBy(member => member.Key, StringComparer.Ordinal)
        .Select(member => $"{member.Key}: {string.Join(' ', member.Value)}"));
}
