using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>
/// What a node does when one of its log directories fails: partitions in it lose their leader and the others are served
/// on, unless the metadata lies in it or it was the last one. Then the node has failed.
/// </summary>
internal sealed class DirectoryWatch
{
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyList<LogDirectory> _directories;
    private readonly Controller _controller;
    private readonly int _nodeId;
    private readonly ILogger _logger;

    /// <summary>Watches from here on; the first directory has the metadata.</summary>
    public DirectoryWatch(
        IReadOnlyList<LogDirectory> directories, Controller controller, int nodeId, ILogger logger)
    {
        _directories = directories;
        _controller = controller;
        _nodeId = nodeId;
        _logger = logger;
        foreach (var directory in directories)
        {
            directory.OnOffline += failure => OnOffline(directory, failure);
            if (directory.Failure is { } failure)
            {
                OnOffline(directory, failure);
            }
        }
    }

    /// <summary>Completes, with the reason, when the node cannot go on.</summary>
    public Task<string> Failed => _failed.Task;

    // Called by whoever met the failure, the flusher perhaps: it must not wait for the metadata log.
    private void OnOffline(LogDirectory directory, Exception failure)
    {
        if (directory == _directories[0])
        {
            _failed.TrySetResult($"log directory {directory.DirectoryPath}, which holds the metadata, has failed: {failure.Message}");
        }
        else if (_directories.All(other => other.IsOffline))
        {
            _failed.TrySetResult($"all log directories have failed, {directory.DirectoryPath} the last: {failure.Message}");
        }
        else
        {
            _ = Task.Run(LoseAsync);
        }
    }

    /// <summary>
    /// Takes down in the metadata which directories have failed. To be called after a registration too: one that failed
    /// while it was written may have been named in it.
    /// </summary>
    public async Task LoseAsync()
    {
        if (await _controller.LoseDirectoriesAsync(_nodeId, FindOnline).ConfigureAwait(false))
        {
            _logger.LogWarning("{Online} of {All} log directories are left", FindOnline().Count, _directories.Count);
        }
    }

    private List<Guid> FindOnline() =>
        [.. _directories.Where(directory => !directory.IsOffline).Select(directory => directory.DirectoryId)];
}
