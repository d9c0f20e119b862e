using FastLog.Storage;

namespace FastLog.Raft;

/// <summary>
/// The file <c>quorum-state</c> of the metadata log's directory. Written beside, synced, then renamed over the old
/// one: a crash leaves the one or the other, whole.
/// </summary>
public sealed class QuorumStateFile
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "quorum-state";

    private const int SizeBytesMax = 64 * 1024;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly string _path;
    private readonly string _temporaryPath;

    /// <summary>Names the file; nothing is read or written yet.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">The metadata log's directory, which must exist.</param>
    public QuorumStateFile(IFileSystem files, string directory)
    {
        ArgumentNullException.ThrowIfNull(files);
        _files = files;
        _directory = directory;
        _path = Path.Combine(directory, FileName);
        _temporaryPath = _path + ".tmp";
    }

    /// <summary>The stored state; <see cref="QuorumState.Initial"/> if nothing was ever stored.</summary>
    /// <exception cref="RaftException">The file is there and not readable as a quorum state.</exception>
    public QuorumState Read()
    {
        if (!_files.FileExists(_path))
        {
            return QuorumState.Initial;
        }
        using var file = _files.Open(_path, FileOpenMode.Read);
        var length = file.Length;
        if (length is 0 or > SizeBytesMax)
        {
            throw new RaftException($"{_path} has {length} bytes, which no quorum state has");
        }
        var bytes = new byte[length];
        var read = file.Read(0, bytes);
        return QuorumStateFormat.Read(bytes.AsSpan(0, read));
    }

    /// <summary>Stores the state; when this returns it survives a crash.</summary>
    /// <param name="state">The state to store.</param>
    public void Write(QuorumState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var bytes = QuorumStateFormat.Write(state);
        using (var file = _files.Open(_temporaryPath, FileOpenMode.CreateOrTruncate))
        {
            file.Write(0, bytes.Span);
            file.FlushData();
        }
        _files.Rename(_temporaryPath, _path);
        _files.SyncDirectory(_directory);
    }
}
