using FastLog.Client;
using FastLog.Protocol;
using FastLog.Server.Commands.Output;

namespace FastLog.Server.Commands;

/// <summary>Prints log directories: tables for people, JSON for programs.</summary>
internal static class LogDirsOutput
{
    /// <summary>Prints directories; each partition of them with <paramref name="withDetails"/> only.</summary>
    public static void Write(
        IReadOnlyList<LogDirectoryDescription> directories, bool withDetails, bool isJson, TextWriter? writer = null) =>
        CommandOutput.Write(
            directories.Select(directory => ToDocument(directory, withDetails)).ToList(), isJson, WriteForPeople, writer);

    private static DirectoryDocument ToDocument(LogDirectoryDescription directory, bool withDetails) => new(
        directory.BrokerId,
        directory.Path,
        directory.ErrorCode switch
        {
            ErrorCode.None => "online",
            ErrorCode.KafkaStorageError => "offline",
            var error => error.Name(),
        },
        directory.TotalBytes,
        directory.UsableBytes,
        directory.Replicas.Count,
        directory.Replicas.Sum(replica => replica.SizeInBytes),
        withDetails
            ?
            [
                .. directory.Replicas
                    .OrderBy(replica => replica.Partition.Topic, StringComparer.Ordinal)
                    .ThenBy(replica => replica.Partition.Partition)
                    .Select(replica => new ReplicaDocument(
                        replica.Partition.Topic,
                        replica.Partition.Partition,
                        replica.SizeInBytes,
                        replica.OffsetLag,
                        replica.IsFuture)),
            ]
            : null);

    private static void WriteForPeople(List<DirectoryDocument> directories, TextWriter writer)
    {
        var table = new TextTable()
            .Number("BROKER").Text("PATH").Text("STATE").Number("PARTITIONS").Number("SIZE").Number("DISK").Number("FREE");
        foreach (var directory in directories)
        {
            var isOnline = directory.State == "online";
            table.Row(
                directory.Broker,
                directory.Path,
                directory.State,
                isOnline ? directory.Partitions : null,
                isOnline ? ByteSize.Show(directory.SizeBytes) : null,
                ByteSize.Show(directory.TotalBytes),
                ByteSize.Show(directory.UsableBytes));
        }

        table.WriteTo(writer);
        foreach (var directory in directories.Where(directory => directory.Replicas is { Count: > 0 }))
        {
            writer.WriteLine();
            writer.WriteLine($"{ShownText.Of(directory.Path)} of broker {directory.Broker}");
            var replicas = new TextTable().Text("TOPIC").Number("PARTITION").Number("SIZE").Number("LAG").Text("FUTURE");
            foreach (var replica in directory.Replicas!)
            {
                replicas.Row(
                    replica.Topic, replica.Partition, ByteSize.Show(replica.SizeBytes), replica.OffsetLag, replica.Future);
            }

            replicas.WriteTo(writer, indent: "  ");
        }
    }

    // Sizes are -1 where the broker does not say; without --details there are no replicas.
    private sealed record DirectoryDocument(
        int Broker,
        string Path,
        string State,
        long TotalBytes,
        long UsableBytes,
        int Partitions,
        long SizeBytes,
        IReadOnlyList<ReplicaDocument>? Replicas);

    private sealed record ReplicaDocument(string Topic, int Partition, long SizeBytes, long OffsetLag, bool Future);
}
