using System.Globalization;
using FastLog.Interop.Harness;

namespace FastLog.Interop.Disk;

/// <summary>A file system of a few MiB in memory. Only root may make one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one; null, with the reason, where that is not allowed.</summary>
    public static async Task<(SmallDisk? Disk, string Reason)> TryMountAsync(int mebibytes)
    {
        string path = Directory.CreateTempSubdirectory("fastlog-disk-").FullName;
        ProgramResult result = await ExternalProgram.RunAsync(
            "mount", ["-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m"), "tmpfs", path]);
        if (result.ExitCode == 0)
        {
            return (new SmallDisk(path), "");
        }

        Directory.Delete(path);
        return (null, result.Errors);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ExternalProgram.RunAsync("umount", ["-l", Path]);
        Directory.Delete(Path);
    }
}
