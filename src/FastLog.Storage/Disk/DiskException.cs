namespace FastLog.Storage;

/// <summary>A disk operation failed. The one exception that <see cref="IFileSystem"/> and <see cref="IFile"/> throw.</summary>
public sealed class DiskException : IOException
{
    /// <summary>errno: the device failed.</summary>
    public const int InputOutputError = 5;

    /// <summary>errno: no space left on the device.</summary>
    public const int OutOfSpace = 28;

    /// <summary>errno: no such file.</summary>
    internal const int NoSuchFile = 2;

    private const int TooManyFilesInSystem = 23;
    private const int TooManyFilesInProcess = 24;
    private const int QuotaExceeded = 122;

    /// <summary>Names the operation, the path and the errno.</summary>
    public DiskException(string operation, string path, int errorNumber, Exception? inner = null)
        : base($"{operation} of {path} failed with errno {errorNumber}", inner)
    {
        Operation = operation;
        Path = path;
        ErrorNumber = errorNumber;
    }

    /// <summary>The operation that failed, by its system call's name.</summary>
    public string Operation { get; }

    /// <summary>The file or directory it was about.</summary>
    public string Path { get; }

    /// <summary>errno.</summary>
    public int ErrorNumber { get; }

    /// <summary>
    /// The disk or the quota is full: the one failure that may pass by itself. Never said of a sync: with delayed
    /// allocation a full disk (ENOSPC) or quota (EDQUOT) may show only there, and the kernel then drops the pages it could
    /// not write and marks them clean. A second sync would succeed without them, so a failed one is final whatever its reason.
    /// </summary>
    public bool IsOutOfSpace => ErrorNumber is OutOfSpace or QuotaExceeded && Operation is not ("fdatasync" or "fsync" or "syncfs");

    /// <summary>No descriptor was left for the file.</summary>
    internal bool IsOutOfDescriptors => ErrorNumber is TooManyFilesInSystem or TooManyFilesInProcess;
}
