using FastLog.Records;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>
/// Opens the log directories of a node, and gives new ones their identity. One that the disk does not give, or whose
/// meta.properties is damaged, is left out and what it holds stays offline until a restart finds it well; the first one,
/// which has the metadata, must be well, and so one is always left.
/// </summary>
internal sealed class LogDirectories
{
    private readonly List<LogDirectory> _opened = [];

    private LogDirectories(string clusterId) => ClusterId = clusterId;

    /// <summary>The cluster's id: 22 characters of base64url.</summary>
    public string ClusterId { get; }

    /// <summary>Those that are open, in the order of log.dirs.</summary>
    public IReadOnlyList<LogDirectory> Opened => _opened;

    /// <summary>Whether none was left out.</summary>
    public bool AreAllOpen { get; private set; } = true;

    /// <summary>Opens all of them, in order; if the node cannot start, those that were are closed again.</summary>
    /// <exception cref="IOException">One is used by another process or belongs to another node or cluster, or the one
    /// with the metadata cannot be used.</exception>
    public static async Task<LogDirectories> OpenAsync(
        ClusterNodeOptions options, IFileSystem files, TimeProvider time, ILogger<LogDirectory> logger)
    {
        var paths = options.LogDirectories.Select(FullPath).ToList();
        var found = FindClusterId(paths, files);
        var directories = new LogDirectories(found ?? UuidText.Format(RandomIds.New()));
        try
        {
            foreach (var path in paths)
            {
                directories.Open(path, isRequired: path == paths[0], options, files, time, logger);
            }
        }
        catch
        {
            await CloseAsync(directories.Opened).ConfigureAwait(false);
            throw;
        }
        if (found is null)
        {
            logger.LogInformation("New cluster {ClusterId}, node {NodeId}", directories.ClusterId, options.NodeId);
        }
        return directories;
    }

    /// <summary>The one way to write a directory's path: absolute, and with no slash at the end.</summary>
    public static string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    public static async Task CloseAsync(IEnumerable<LogDirectory> directories) =>
        await Task.WhenAll(directories.Select(directory => directory.DisposeAsync().AsTask())).ConfigureAwait(false);

    private void Open(
        string path, bool isRequired, ClusterNodeOptions options, IFileSystem files, TimeProvider time, ILogger<LogDirectory> logger)
    {
        var identity = new LogDirectoryOptions
        {
            ClusterId = ClusterId,
            NodeId = options.NodeId,
            NewDirectoryId = RandomIds.New(),
            ProducerIdExpirationMs = options.Config.AtStart.ProducerIdExpirationMs,
            CommitJournalBytes = options.CommitJournalBytes,
            OpenFilesMax = OpenFilesLimit.ForSegments(options.LogDirectories.Count),
        };
        try
        {
            CreateDurably(path, files);
            _opened.Add(LogDirectory.Open(path, identity, files, time, logger));
        }
        catch (Exception exception) when (!isRequired && IsDamage(exception))
        {
            AreAllOpen = false;
            logger.LogError(
                "Log directory {Path} cannot be opened and is offline until the next start: {Reason}", path, exception.Message);
        }
    }

    // Another process in it, or another node's directory, is a mistake of whoever configured it, and not a broken disk.
    private static bool IsDamage(Exception exception) => exception is DiskException or CheckpointFormatException;

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
            try
            {
                if (files.DirectoryExists(path) && MetaProperties.Read(files, path) is { } found)
                {
                    return found.ClusterId;
                }
            }
            catch (Exception exception) when (path != paths[0] && IsDamage(exception))
            {
                // Said where it is opened.
            }
        }
        return null;
    }
}
