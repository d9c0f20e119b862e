using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// AlterReplicaLogDirs (KIP-113): says whether a partition lies in a directory. One that lies in another directory stays
/// there and is answered with INVALID_REQUEST, which clients do not try again: a log is not copied under its writers.
/// </summary>
internal sealed class AlterReplicaLogDirsHandler(ClusterNode node)
    : RequestHandler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>
{
    public override ApiKey ApiKey => ApiKey.AlterReplicaLogDirs;

    internal override ValueTask<AlterReplicaLogDirsResponse> HandleAsync(
        RequestContext context, AlterReplicaLogDirsRequest request)
    {
        var response = new AlterReplicaLogDirsResponse();
        var entries = new Dictionary<string, AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult>(StringComparer.Ordinal);
        foreach (var directory in request.Dirs)
        {
            foreach (var topic in directory.Topics)
            {
                if (!entries.TryGetValue(topic.Name, out var entry))
                {
                    entries[topic.Name] = entry = response.Results.Add();
                    entry.TopicName = topic.Name;
                }

                foreach (var index in topic.Partitions)
                {
                    var partition = entry.Partitions.Add();
                    partition.PartitionIndex = index;
                    partition.ErrorCode = Check(directory.Path, topic.Name, index);
                }
            }
        }

        return ValueTask.FromResult(response);
    }

    private ErrorCode Check(string path, string topic, int index)
    {
        // As configured, made absolute, and to the letter: a relative path is none of them.
        if (!node.LogDirectoryPaths.Contains(path))
        {
            return ErrorCode.LogDirNotFound;
        }

        if (node.LogDirectories.FirstOrDefault(open => open.DirectoryPath == path) is null or { IsOffline: true })
        {
            return ErrorCode.KafkaStorageError;
        }

        if (node.Replicas.Find(topic, index) is not { } partition)
        {
            return node.Replicas.WhyMissing(topic, index);
        }

        return partition.Failure != ErrorCode.None ? partition.Failure
            : Path.GetDirectoryName(partition.Log.DirectoryPath) == path ? ErrorCode.None
            : ErrorCode.InvalidRequest;
    }
}
