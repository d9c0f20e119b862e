using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;
using FastLog.Storage;

namespace FastLog.Broker.Handlers;

/// <summary>DescribeLogDirs: every directory of log.dirs, how full it is, and how large the partitions in it are.</summary>
internal sealed class DescribeLogDirsHandler(ClusterNode node)
    : RequestHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>
{
    public override ApiKey ApiKey => ApiKey.DescribeLogDirs;

    internal override async ValueTask<DescribeLogDirsResponse> HandleAsync(
        RequestContext context, DescribeLogDirsRequest request)
    {
        // Asking a file system how full it is may wait for the disk: not on the connection's read loop.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var asked = request.Topics?
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition)))
            .ToHashSet();
        var response = new DescribeLogDirsResponse();
        foreach (var path in node.LogDirectoryPaths)
        {
            Describe(response.Results.Add(), path, asked);
        }

        return response;
    }

    private void Describe(DescribeLogDirsResponse.DescribeLogDirsResult entry, string path, HashSet<TopicPartition>? asked)
    {
        entry.LogDir = path;
        (entry.TotalBytes, entry.UsableBytes) = (-1, -1);
        var directory = node.LogDirectories.FirstOrDefault(open => open.DirectoryPath == path);
        if (directory is null or { IsOffline: true })
        {
            entry.ErrorCode = ErrorCode.KafkaStorageError;
            return;
        }

        try
        {
            (entry.TotalBytes, entry.UsableBytes) = directory.MeasureSpace();
        }
        catch (DiskException)
        {
            entry.ErrorCode = ErrorCode.KafkaStorageError;
            return;
        }

        // The metadata log is no topic's.
        foreach (var topic in directory.Logs
            .Where(log => log.Partition != MetadataLog.Partition && asked?.Contains(log.Partition) != false)
            .OrderBy(log => log.Partition.Partition)
            .GroupBy(log => log.Partition.Topic)
            .OrderBy(topic => topic.Key, StringComparer.Ordinal))
        {
            var topicEntry = entry.Topics.Add();
            topicEntry.Name = topic.Key;
            foreach (var log in topic)
            {
                var partition = topicEntry.Partitions.Add();
                partition.PartitionIndex = log.Partition.Partition;
                partition.PartitionSize = log.SizeInBytes;
            }
        }
    }
}
