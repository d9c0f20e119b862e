using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Storage.Tests;

/// <summary>
/// One directory with one log or more, on a disk that outlives both: what most tests need. Flushes when told to.
/// </summary>
internal sealed class LogStand
{
    public static readonly TopicPartition Partition = new("orders", 0);
    public static readonly Guid TopicId = new("00010203-0405-0607-0809-0a0b0c0d0e0f");

    private const string Root = "/data";

    public LogStand(
        IFileSystem? files = null,
        LogConfig? config = null,
        string root = Root,
        int seed = 1,
        ILogger? logger = null,
        int logs = 1,
        LogDirectoryOptions? options = null)
    {
        Logs = new PartitionLog[logs];
        DirectoryOptions = options ?? Options;
        Simulation = files is null ? new SimulatedFileSystem(seed) : files as SimulatedFileSystem;
        Files = files ?? Simulation!;
        Config = config ?? new LogConfig();
        RootPath = root;
        Logger = logger ?? NullLogger.Instance;
        Start();
    }

    public IFileSystem Files { get; }

    public SimulatedFileSystem? Simulation { get; }

    public ManualClock Clock { get; } = new();

    public LogConfig Config { get; set; }

    public ILogger Logger { get; }

    public string RootPath { get; }

    public LogDirectory Directory { get; private set; } = null!;

    /// <summary>The only log, or the first one.</summary>
    public PartitionLog Log => Logs[0];

    /// <summary>The partitions of one topic, by number.</summary>
    public PartitionLog[] Logs { get; }

    public LogDirectoryOptions DirectoryOptions { get; }

    public string LogPath(long offset, string suffix) =>
        Path.Combine(RootPath, Partition.ToString(), SegmentNames.Of(offset, suffix));

    public string PathOf(string name) => Path.Combine(RootPath, Partition.ToString(), name);

    public static LogDirectoryOptions Options { get; } = new() { ClusterId = "cluster", NodeId = 1, CommitJournalBytes = 256 * 1024 };

    /// <summary>The options of a directory that commits small logs through its journal, or all of them in their files.</summary>
    public static LogDirectoryOptions OptionsOf(bool hasJournal) => hasJournal ? Options : Options with { CommitJournalBytes = 0 };

    /// <summary>Group commits of this start that went the one way or the other.</summary>
    public long CommitsCount(bool inJournal)
    {
        CommitRound round = Directory.Flusher.Round;
        return inJournal ? round.JournalRoundsCount : round.FileRoundsCount;
    }

    public int OpenFilesMax { get; set; }

    public void Start()
    {
        LogDirectoryOptions options = DirectoryOptions with { OpenFilesMax = OpenFilesMax };
        Directory = LogDirectory.OpenWith(RootPath, options, Files, Clock, Logger, startsFlusher: false);
        for (int i = 0; i < Logs.Length; i++)
            Logs[i] = Directory.CreateOrOpen(Partition with { Partition = i }, TopicId, Config);
    }

    public async Task RestartCleanly()
    {
        await Directory.DisposeAsync();
        Start();
    }

    /// <summary>Kills the process; the disk keeps what was written.</summary>
    public void Kill()
    {
        Simulation!.Kill();
        Start();
    }

    /// <summary>Cuts the power; unsynced sectors survive by chance.</summary>
    public void CutPower(double? survival = null)
    {
        Simulation!.Crash(survival);
        Start();
    }

    public AppendResult Append(byte[] batch, AppendOrigin origin = AppendOrigin.Client, int leaderEpoch = 0) =>
        Log.Append(TestBatches.Sequence(batch), origin, leaderEpoch);

    public AppendResult Append(int count = 1, string text = "v") => Append(TestBatches.Make(count, text));

    public AppendResult MustAppend(byte[] batch, AppendOrigin origin = AppendOrigin.Client, int leaderEpoch = 0)
    {
        AppendResult result = Append(batch, origin, leaderEpoch);
        Assert.True(result.Error == AppendError.None, $"{result.Error}: {result.Message}");
        return result;
    }

    /// <summary>Does something once, at the first such call on a file whose name ends so; tells whether it was done.</summary>
    public Func<bool> OnFirst(string call, string pathEnd, Action action)
    {
        bool isDone = false;
        Simulation!.Fault = (step, path) =>
        {
            if (isDone || step != call || !path.EndsWith(pathEnd, StringComparison.Ordinal))
                return 0;
            isDone = true;
            action();
            return 0;
        };
        return () => isDone;
    }

    /// <summary>Deletes the only log, as a broker does with a topic's.</summary>
    public void Delete() => Directory.DeleteAsync(Partition).AsTask().GetAwaiter().GetResult();

    public void Flush() => Directory.RunFlusher();

    /// <summary>All stored batches from an offset on, whole.</summary>
    public List<byte[]> ReadAll(long from = -1) => ReadAll(Log, from);

    /// <summary>All stored batches of a log from an offset on, whole.</summary>
    public static List<byte[]> ReadAll(PartitionLog log, long from = -1)
    {
        List<byte[]> batches = [];
        using BatchCursor cursor = log.ReadBatches(from < 0 ? log.LogStartOffset : from, long.MaxValue);
        while (cursor.MoveNext())
            batches.Add(cursor.Batch.ToArray());
        Assert.Equal(ReadStatus.Ok, cursor.Status);
        return batches;
    }

    /// <summary>The bytes that a read points at; null when it points at none.</summary>
    public static byte[]? Take(in ReadResult read)
    {
        if (read.SizeInBytes == 0)
            return null;
        byte[] bytes = new byte[read.SizeInBytes];
        Assert.Equal(bytes.Length, read.Lease!.File.Read(read.Position, bytes));
        read.Lease.Dispose();
        return bytes;
    }
}
