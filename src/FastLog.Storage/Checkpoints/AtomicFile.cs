using System.Text;

namespace FastLog.Storage;

/// <summary>Small files that are either the old or the new one after a crash: written aside, synced, renamed, synced.</summary>
internal static class AtomicFile
{
    public const string TemporarySuffix = ".tmp";

    // A checkpoint grows with the number of partitions; a file beyond this is not one of ours.
    private const int SizeBytesMax = 256 * 1024 * 1024;

    public static void WriteText(IFileSystem files, string path, string text) =>
        WriteBytes(files, path, Encoding.UTF8.GetBytes(text));

    public static void WriteBytes(IFileSystem files, string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = path + TemporarySuffix;
        using (IFile file = files.Open(temporary, FileOpenMode.CreateOrTruncate))
        {
            file.Write(0, bytes);
            file.FlushData();
        }
        files.Rename(temporary, path);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>The whole file; null when it does not exist.</summary>
    public static string? ReadText(IFileSystem files, string path)
    {
        byte[]? bytes = ReadBytes(files, path);
        return bytes is null ? null : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The whole file; null when it does not exist.</summary>
    public static byte[]? ReadBytes(IFileSystem files, string path)
    {
        if (!files.FileExists(path))
            return null;
        using IFile file = files.Open(path, FileOpenMode.Read);
        long length = file.Length;
        if (length > SizeBytesMax)
            throw new CheckpointFormatException(path, $"{length} bytes are more than such a file can have");
        byte[] bytes = new byte[length];
        int read = file.Read(0, bytes);
        return read == length ? bytes : bytes[..read];
    }
}
