using FastLog.Records;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>Opens the log directories of a node, and gives new ones their identity.</summary>
internal static class LogDirectories
{
    /// <summary>Opens all of them, in order; if one cannot be opened, those that were are closed again.</summary>
    /// <exception cref="IOException">One is used by another process, belongs to another node or cluster, or the disk
    /// failed.</exception>
    public static async Task<(string ClusterId, IReadOnlyList<LogDirectory> Directories)> OpenAsync(
        ClusterNodeOptions options, IFileSystem files, TimeProvider time, ILogger<LogDirectory> logger)
    {
        var paths = options.LogDirectories.Select(Path.GetFullPath).ToList();
        var clusterId = FindClusterId(paths, files);
        var isNew = clusterId is null;
        clusterId ??= UuidText.Format(RandomIds.New());
        var opened = new List<LogDirectory>(paths.Count);
        try
        {
            foreach (var path in paths)
            {
                var identity = new LogDirectoryOptions
                {
                    ClusterId = clusterId,
                    NodeId = options.NodeId,
                    NewDirectoryId = RandomIds.New(),
                    ProducerIdExpirationMs = (long)options.ProducerIdExpiration.TotalMilliseconds,
                };
                CreateDurably(path, files);
                opened.Add(LogDirectory.Open(path, identity, files, time, logger));
            }
        }
        catch
        {
            await CloseAsync(opened).ConfigureAwait(false);
            throw;
        }
        if (isNew)
        {
            logger.LogInformation("New cluster {ClusterId}, node {NodeId}", clusterId, options.NodeId);
        }
        return (clusterId, opened);
    }

    public static async Task CloseAsync(IEnumerable<LogDirectory> directories) =>
        await Task.WhenAll(directories.Select(directory => directory.DisposeAsync().AsTask())).ConfigureAwait(false);

    // A directory whose name is not synced in its parent is gone after a power loss, with all that was synced in it. One
    // that exists and was never formatted may have been made by a run that did not get as far.
    private static void CreateDurably(string path, IFileSystem files)
    {
        if (files.DirectoryExists(path) && MetaProperties.Read(files, path) is not null)
        {
            return;
        }
        for (var missing = path; Path.GetDirectoryName(missing) is { } parent; missing = parent)
        {
            var hadParent = files.DirectoryExists(parent);
            files.CreateDirectory(missing);
            files.SyncDirectory(parent);
            if (hadParent)
            {
                return;
            }
        }
    }

    // A directory that was added later, or was lost, takes the identity of the others.
    private static string? FindClusterId(List<string> paths, IFileSystem files)
    {
        foreach (var path in paths)
        {
            if (files.DirectoryExists(path) && MetaProperties.Read(files, path) is { } found)
            {
                return found.ClusterId;
            }
        }
        return null;
    }
}
