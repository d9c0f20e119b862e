using FastLog.Client;
using FastLog.Server.Commands.Output;

namespace FastLog.Server.Commands;

/// <summary>Which part of a group is shown to people; programs get all.</summary>
internal enum GroupView
{
    /// <summary>Partitions with their lag.</summary>
    Lag,

    /// <summary>Members.</summary>
    Members,

    /// <summary>The group in one line.</summary>
    State,
}

/// <summary>Prints groups: tables for people, JSON for programs.</summary>
internal static class GroupOutput
{
    public static void List(IReadOnlyList<GroupListing> groups, bool isJson, TextWriter? writer = null) => CommandOutput.Write(
        groups,
        isJson,
        static (listed, to) =>
        {
            var table = new TextTable().Text("GROUP").Text("TYPE").Text("PROTOCOL").Text("STATE");
            foreach (var group in listed)
            {
                table.Row(group.GroupId, group.Type, group.ProtocolType, group.State);
            }

            table.WriteTo(to);
        },
        writer);

    public static void Describe(GroupLag lag, GroupView view, bool isJson, TextWriter? writer = null) => CommandOutput.Write(
        ToDocument(lag),
        isJson,
        (document, to) =>
        {
            to.WriteLine($"Group {ShownText.Of(document.GroupId)}   state {document.State}   type {document.Type}"
                + $"   assignor {Or(document.Assignor)}   epoch {(document.Epoch is { } epoch ? epoch : "-")}"
                + $"   members {document.Members.Count}   lag {(document.Lag is { } lagShown ? lagShown : "-")}");
            switch (view)
            {
                case GroupView.Lag:
                    WriteLag(document, to);
                    break;
                case GroupView.Members:
                    WriteMembers(document, to);
                    break;
            }
        },
        writer);

    public static void Reset(GroupReset reset, bool isJson, TextWriter? writer = null) => CommandOutput.Write(
        reset,
        isJson,
        static (plan, to) =>
        {
            var table = new TextTable().Text("TOPIC").Number("PARTITION").Number("CURRENT").Number("NEW").Text("NOTE");
            foreach (var partition in plan.Partitions)
            {
                table.Row(partition.Topic, partition.Partition, partition.CurrentOffset, partition.NewOffset, partition.Note);
            }

            table.WriteTo(to);
            to.WriteLine(plan.Executed
                ? $"reset {plan.Partitions.Count} partitions of group {ShownText.Of(plan.GroupId)}"
                : "nothing was changed: add --execute to do it");
        },
        writer);

    private static void WriteLag(GroupDocument document, TextWriter to)
    {
        var table = new TextTable().Text("TOPIC").Number("PARTITION").Number("CURRENT").Number("END").Number("LAG")
            .Text("MEMBER").Text("CLIENT").Text("HOST");
        foreach (var item in document.Partitions)
        {
            table.Row(
                item.Topic, item.Partition, item.CurrentOffset, item.EndOffset, item.Lag, item.MemberId, item.ClientId, item.Host);
        }

        table.WriteTo(to, indent: "  ");
    }

    private static void WriteMembers(GroupDocument document, TextWriter to)
    {
        var table = new TextTable().Text("MEMBER").Text("INSTANCE").Text("CLIENT").Text("HOST").Number("EPOCH")
            .Number("PARTITIONS").Text("ASSIGNMENT");
        foreach (var member in document.Members)
        {
            var assignment = string.Join(' ', member.Assignment.GroupBy(item => item.Topic)
                .Select(topic => $"{topic.Key}:{string.Join(',', topic.Select(item => item.Partition).Order())}"));
            table.Row(
                member.MemberId, member.InstanceId, member.ClientId, member.Host, member.Epoch, member.Assignment.Count, assignment);
        }

        table.WriteTo(to, indent: "  ");
    }

    private static string Or(string text) => text.Length == 0 ? "-" : ShownText.Of(text);

    private static GroupDocument ToDocument(GroupLag lag) => new(
        lag.Group.GroupId,
        lag.Group.State,
        lag.Group.Type,
        lag.Group.ProtocolType,
        lag.Group.Assignor,
        Known(lag.Group.Epoch),
        Known(lag.Group.AssignmentEpoch),
        lag.Partitions.Any(partition => partition.Lag is not null)
            ? lag.Partitions.Sum(partition => partition.Lag ?? 0)
            : null,
        [.. lag.Group.Members.Select(member => new MemberDocument(
            member.MemberId,
            member.InstanceId,
            member.ClientId,
            member.Host,
            Known(member.Epoch),
            member.Assignment,
            member.TargetAssignment))],
        [.. lag.Partitions.Select(item => new LagDocument(
            item.Partition.Topic,
            item.Partition.Partition,
            item.Committed,
            item.End,
            item.Lag,
            item.Owner?.MemberId,
            item.Owner?.ClientId,
            item.Owner?.Host))]);

    private static int? Known(int epoch) => epoch < 0 ? null : epoch;

    private sealed record GroupDocument(
        string GroupId,
        string State,
        string Type,
        string ProtocolType,
        string Assignor,
        int? Epoch,
        int? AssignmentEpoch,
        long? Lag,
        IReadOnlyList<MemberDocument> Members,
        IReadOnlyList<LagDocument> Partitions);

    private sealed record MemberDocument(
        string MemberId,
        string? InstanceId,
        string ClientId,
        string Host,
        int? Epoch,
        IReadOnlyList<TopicAndPartition> Assignment,
        IReadOnlyList<TopicAndPartition> TargetAssignment);

    private sealed record LagDocument(
        string Topic,
        int Partition,
        long? CurrentOffset,
        long? EndOffset,
        long? Lag,
        string? MemberId,
        string? ClientId,
        string? Host);
}
